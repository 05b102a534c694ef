// What a source file imports and which globals it uses, from its syntax tree: text in comments and
// strings is not mistaken for code.

export interface SourceFile {
  /** Relative to the repository's root. */
  path: string;
  text: string;
  /** Specifiers as written: static and dynamic imports, re-exports, and workers' modules. */
  imports: string[];
  /** Globals that it uses, of those below; `Date.now` and the like for members. */
  globals: Set<string>;
  /** Fields of classes that are undefined until they are assigned: with neither value nor `declare`. */
  emptyFields: string[];
  /** Fields that are only declared: the constructor has to make them. */
  declaredFields: string[];
  /** Parameters of each constructor. */
  constructorParameters: number[];
  /** Methods and functions named as questions (`isOver`) that change something: `isOver: words = ...`. */
  actingQuestions: string[];
}

/** What is named so promises to change nothing. */
const QUESTION = "/^(is|has|can)([A-Z]|$)/";
/** What is named so changes something. */
const ACTION =
  /^(set|add|note|mark|unmark|take|push|spend|clear|reset|renew|touch|follow|passOver|settle|begin|release|charge|say|tell|join)([A-Z]|$)/;

/** Clocks, randomness, the world outside. `process` is one too, see below. */
const GLOBALS = ["Deno", "console", "performance", "crypto", "setTimeout", "fetch"];
const MEMBERS: Record<string, string[]> = {
  Date: ["now"],
  Math: ["random"],
  Deno: ["UnsafePointer", "UnsafePointerView", "UnsafeCallback", "UnsafeFnPointer"],
};

interface Node {
  type: string;
  name?: string;
  key?: Node;
  value?: unknown;
  declare?: boolean;
  static?: boolean;
  parameter?: Node;
  left?: Node;
  argument?: Node;
  id?: Node | null;
  kind?: string;
  parent?: Node;
  params?: unknown[];
  source?: { value?: unknown } | null;
  object?: Node;
  property?: Node;
  callee?: Node;
  arguments?: { type: string; value?: unknown }[];
}

/** The name of the question that a node is part of. */
function questionAround(node: Node): string {
  for (let around = node.parent; around !== undefined; around = around.parent) {
    const name = around.key?.name ?? around.id?.name ?? "";
    const isNamed = around.type === "MethodDefinition" || around.type === "FunctionDeclaration";
    if (isNamed && /^(is|has|can)([A-Z]|$)/.test(name)) return name;
  }
  return "";
}

/** `words.at` of a member expression, as far as it has names. */
function wordsOf({ object, property }: Node): string {
  const owner = object?.type === "ThisExpression" ? "this" : object?.name ?? object?.property?.name;
  return `${owner ?? ""}.${property?.name ?? ""}`;
}

/** Reads one file; only in `deno test`, which has the linter's parser. */
export function readSource(path: string, text: string): SourceFile {
  const file: SourceFile = {
    path,
    text,
    imports: [],
    globals: new Set(),
    emptyFields: [],
    declaredFields: [],
    constructorParameters: [],
    actingQuestions: [],
  };
  const imported = (node: unknown) => {
    const value = (node as Node).source?.value;
    if (typeof value === "string") file.imports.push(value);
  };
  const acts = (node: unknown) => {
    const { left, argument, callee } = node as Node;
    const changed = left ?? argument;
    const isAction = callee?.type === "MemberExpression" &&
      ACTION.test(callee.property?.name ?? "");
    if (changed?.type !== "MemberExpression" && !isAction) return;
    file.actingQuestions.push(`${questionAround(node as Node)}: ${wordsOf(changed ?? callee!)}`);
  };
  const questions = [
    `MethodDefinition[key.name=${QUESTION}]`,
    `FunctionDeclaration[id.name=${QUESTION}]`,
  ];
  const changes = ["AssignmentExpression", "UpdateExpression", "CallExpression"];
  const visitor = {
    ...Object.fromEntries(
      questions.flatMap((question) => changes.map((change) => [`${question} ${change}`, acts])),
    ),
    "MethodDefinition[kind=constructor]"(node: unknown) {
      const { params = [] } = (node as Node).value as Node;
      file.constructorParameters.push(params.length);
    },
    ImportDeclaration: imported,
    ImportExpression: imported,
    ExportNamedDeclaration: imported,
    ExportAllDeclaration: imported,
    PropertyDefinition(node: unknown) {
      const { key, value, declare, static: isStatic } = node as Node;
      if (declare) file.declaredFields.push(key?.name ?? "");
      else if (!value && !isStatic) file.emptyFields.push(key?.name ?? "");
    },
    TSParameterProperty(node: unknown) {
      const { parameter } = node as Node;
      file.emptyFields.push(parameter?.name ?? parameter?.left?.name ?? "");
    },
    MemberExpression(node: unknown) {
      const { object, property } = node as Node;
      const name = property?.name ?? "";
      // Only as an object: methods may well be called process.
      if (object?.name === "process") file.globals.add("process");
      if (MEMBERS[object?.name ?? ""]?.includes(name)) file.globals.add(`${object!.name}.${name}`);
    },
    NewExpression(node: unknown) {
      const { callee, arguments: given = [] } = node as Node;
      if (callee?.name === "Date" && given.length === 0) file.globals.add("new Date()");
      // `new URL("./worker.ts", import.meta.url)` is how a worker's module is named.
      const [first] = given;
      if (callee?.name === "URL" && typeof first?.value === "string") {
        if (/^\.{1,2}\//.test(first.value)) file.imports.push(first.value);
      }
    },
    ...Object.fromEntries(
      GLOBALS.map((name) => [`Identifier[name="${name}"]`, () => void file.globals.add(name)]),
    ),
  };
  const plugin: Deno.lint.Plugin = { name: "source", rules: { file: { create: () => visitor } } };
  const diagnostics = Deno.lint.runPlugin(plugin, path, text);
  if (diagnostics.length > 0) throw new Error(`${path} cannot be parsed`);
  return file;
}
