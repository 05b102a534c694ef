// Single faults that a source file could have, found in its syntax tree: a comparison the wrong way round, a
// statement left out, a constant off by one. Knows syntax; runs nothing.

/** One change of a text: what stands in `[start, end)` becomes `text`. */
export interface Mutant {
  path: string;
  start: number;
  end: number;
  text: string;
  /** What kind of fault it is. */
  fault: string;
  /** From 1. */
  line: number;
}

interface Node {
  type: string;
  range: [number, number];
  parent?: Node;
  operator?: string;
  left?: Node;
  right?: Node;
  argument?: Node;
  expression?: Node;
  test?: Node;
  value?: unknown;
  raw?: string;
}

const COMPARISONS: Record<string, string> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "!==": "===",
};
const ARITHMETIC: Record<string, string> = {
  "+": "-",
  "-": "+",
  "*": "+",
  "&": "|",
  "|": "&",
  "<<": ">>>",
  ">>>": "<<",
  ">>": "<<",
};
const ASSIGNMENTS: Record<string, string> = { "+=": "-=", "-=": "+=", "|=": "&=", "&=": "|=" };

/** Statements that do something; what they do is left out. */
const DOERS = ["CallExpression", "AssignmentExpression", "UpdateExpression"];
/** A literal in these is a type, a name or a message, and no constant. */
const NO_CONSTANTS = ["TSLiteralType", "ImportDeclaration", "TSEnumMember", "TemplateLiteral"];

/** All faults of one file. Only in `deno test`, which has the linter's parser. */
export function mutantsOf(path: string, source: string): Mutant[] {
  // The parser counts bytes of UTF-8 where a file has other characters: such a file would be cut wrongly.
  if (new TextEncoder().encode(source).length !== source.length) return [];
  const found: Mutant[] = [];
  const add = (start: number, end: number, text: string, fault: string) => {
    const line = source.slice(0, start).split("\n").length;
    found.push({ path, start, end, text, fault, line });
  };
  /** The operator of a node stands between its two sides. */
  const swap = (node: Node, table: Record<string, string>, fault: string) => {
    const other = table[node.operator ?? ""];
    if (other === undefined || !node.left || !node.right) return;
    const from = node.left.range[1];
    const at = source.indexOf(node.operator!, from);
    if (at < from || at >= node.right.range[0]) return;
    add(at, at + node.operator!.length, other, fault);
  };
  const rules: Record<string, (node: Node) => void> = {
    BinaryExpression(node) {
      swap(node, COMPARISONS, "comparison");
      swap(node, ARITHMETIC, "arithmetic");
    },
    LogicalExpression: (node) => swap(node, { "&&": "||", "||": "&&" }, "and, or"),
    AssignmentExpression: (node) => swap(node, ASSIGNMENTS, "arithmetic"),
    UnaryExpression(node) {
      if (node.operator === "!") add(node.range[0], node.range[0] + 1, "", "negation");
    },
    ExpressionStatement(node) {
      if (!DOERS.includes(node.expression?.type ?? "")) return;
      // A constructor without its `super()` is no program.
      if (source.slice(...node.range).startsWith("super(")) return;
      add(...node.range, ";", "statement left out");
    },
    IfStatement(node) {
      if (node.test) add(...node.test.range, "false", "condition never");
    },
    Literal(node) {
      if (NO_CONSTANTS.includes(node.parent?.type ?? "")) return;
      const text = source.slice(...node.range);
      if (node.value === true || node.value === false) {
        return add(...node.range, `${!node.value}`, "constant");
      }
      if (typeof node.value !== "number" || /[.e]/.test(text.replace(/^0x.*/, ""))) return;
      const raw = text.replaceAll("_", "");
      add(...node.range, `${Number(raw) + 1}`, "constant");
    },
  };
  const visitor = rules as unknown as Deno.lint.LintVisitor;
  const plugin: Deno.lint.Plugin = { name: "mutants", rules: { file: { create: () => visitor } } };
  Deno.lint.runPlugin(plugin, path, source);
  return found.sort((a, b) => a.start - b.start);
}

/** The text with the fault in it. */
export function mutated(source: string, { start, end, text }: Mutant): string {
  return source.slice(0, start) + text + source.slice(end);
}

/** What the fault makes of its lines, for people: `if (a < b) ->  if (a <= b)`. */
export function shown(source: string, mutant: Mutant): string {
  const from = source.lastIndexOf("\n", mutant.start - 1) + 1;
  const to = source.indexOf("\n", mutant.end);
  const before = source.slice(from, to), after = mutated(source, mutant).slice(from);
  const changed = after.slice(0, before.length + mutant.text.length - (mutant.end - mutant.start));
  const one = (text: string) => text.trim().replace(/\s+/g, " ").slice(0, 120);
  return `${one(before)} -> ${one(changed)}`;
}
