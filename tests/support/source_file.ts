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
}

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
  source?: { value?: unknown } | null;
  object?: Node;
  property?: Node;
  callee?: Node;
  arguments?: { type: string; value?: unknown }[];
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
  };
  const imported = (node: unknown) => {
    const value = (node as Node).source?.value;
    if (typeof value === "string") file.imports.push(value);
  };
  const visitor = {
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
