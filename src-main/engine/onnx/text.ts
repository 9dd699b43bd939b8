import { bytesOf, countOf, elementBytes, numbersOf, toInt64 } from "./constant.ts";
import type { Attribute, Constant, Dim, ElementType, Graph, Node, ValueInfo } from "./graph.ts";

/**
 * Graphs as text, for tests and for reading: one declaration or node per line.
 *
 *     opset 13                                  left off: 18
 *     x: f32[N, 4, 11, 10], k: i64[]            inputs; `[]` is a scalar
 *     const w: f32[8, 4, 3, 3]                  a constant whose values follow from its name
 *     const b = f32[[1, 2], [3, 4]]             a constant with its values
 *     y = Conv(x, w, _) { pads: [1, 0, 2, 1] }  `_` is an absent input
 *     p, i = MaxPool(y) { kernel_shape: [2, 2] }
 *     s = Mul(p, f32(0.5))                      constants of up to 8 elements stand inline
 *     z = com.microsoft.Gelu(s)
 *     return z: f32[N, 8], i: i64               types may be left off
 *
 * Names other than `[A-Za-z_][A-Za-z0-9_]*` are quoted. Attribute numbers with a point or an exponent are floats.
 */
export function parseGraph(text: string): Graph {
  const tokens = tokenize(text);
  let at = 0;
  let opset = 18;
  const domains: Record<string, number> = {};
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const constants = new Map<string, Constant>();
  const nodes: Node[] = [];

  const peek = (ahead = 0) => tokens[at + ahead]?.text ?? "";
  const fault = (expected: string): never => {
    throw new RangeError(
      `line ${tokens[at]?.line ?? "last"}: expected ${expected}, found ${peek()}`,
    );
  };
  const take = (expected?: string) => {
    if (expected !== undefined && peek() !== expected) fault(`"${expected}"`);
    return tokens[at++]?.text ?? fault("more");
  };
  const accept = (text: string) => peek() === text && Boolean(take());
  const name = () => {
    if (peek().startsWith('"')) return JSON.parse(take()) as string; // a token of this shape is a string
    return /^[A-Za-z_]/.test(peek()) ? take() : fault("a name");
  };
  const list = <T>(close: string, item: () => T): T[] => {
    const items: T[] = [];
    while (!accept(close)) {
      items.push(item());
      if (peek() !== close) take(",");
    }
    return items;
  };
  const number = (): number => {
    const text = take();
    const value = { inf: Infinity, "-inf": -Infinity, nan: NaN, true: 1, false: 0 }[text];
    return value ?? (/^[-\d.]/.test(text) ? Number(text) : fault("a number"));
  };
  const type = (): ElementType =>
    isElementType(peek()) ? (take() as ElementType) : fault("an element type"); // just looked
  const dims = (): Dim[] => list("]", () => (/^\d/.test(peek()) ? number() : name()));
  const nested = (): { values: number[]; dims: number[] } => {
    if (!accept("[")) return { values: [number()], dims: [] };
    const rows = list("]", nested);
    return {
      values: rows.flatMap((row) => row.values),
      dims: [rows.length, ...(rows[0]?.dims ?? [])],
    };
  };
  const literal = (): Constant => {
    const element = type();
    if (accept("(")) {
      const constant = packed(element, [number()], []);
      take(")");
      return constant;
    }
    const { values, dims } = nested();
    return packed(element, values, dims);
  };
  const isLiteral = () => isElementType(peek()) && (peek(1) === "[" || peek(1) === "(");
  const operand = (): string => {
    if (accept("_")) return "";
    if (!isLiteral()) return name();
    const constant = literal();
    const key = printConstant(constant);
    constants.set(key, constant);
    return key;
  };
  const attribute = (): Attribute => {
    if (peek().startsWith('"')) return { kind: "string", value: name() };
    if (isLiteral()) return { kind: "tensor", value: literal() };
    if (!accept("[")) return isFloatText(peek()) ? one("float", number()) : one("int", number());
    if (peek().startsWith('"')) return { kind: "strings", value: list("]", name) };
    const start = at;
    const value = list("]", number);
    const isFloat = tokens.slice(start, at).some((token) => isFloatText(token.text));
    return { kind: isFloat ? "floats" : "ints", value };
  };

  while (at < tokens.length) {
    if (accept("\n")) continue;
    if (accept("opset")) opset = number();
    else if (accept("return")) {
      do {
        const output = name();
        const isTyped = accept(":");
        outputs.push({
          name: output,
          type: isTyped ? type() : null,
          dims: isTyped && accept("[") ? dims() : null,
        });
      } while (accept(","));
    } else if (peek() === "const" && peek(1) !== "=" && peek(1) !== ",") {
      take();
      const key = name();
      if (accept("=")) constants.set(key, literal());
      else {
        take(":");
        const element = type();
        take("[");
        constants.set(key, seededConstant(key, element, dims().map(Number)));
      }
    } else {
      const names = [name()];
      if (peek() === ":") {
        do {
          const input = names.pop() ?? name();
          take(":");
          const element = type();
          take("[");
          inputs.push({ name: input, type: element, dims: dims() });
        } while (accept(","));
      } else {
        while (accept(",")) names.push(accept("_") ? "" : name());
        take("=");
        const path = [name()];
        while (accept(".")) path.push(name());
        const op = path.pop() ?? "";
        const domain = path.join(".");
        if (domain) domains[domain] = 1;
        take("(");
        const operands = list(")", operand);
        const attributes = Object.fromEntries(
          accept("{") ? list("}", () => [name(), (take(":"), attribute())] as const) : [],
        );
        const first = names.find(Boolean) ?? op;
        nodes.push({ name: first, domain, op, inputs: operands, outputs: names, attributes });
      }
    }
    if (at < tokens.length) take("\n");
  }
  return {
    name: "graph",
    opset,
    irVersion: 8,
    domains,
    inputs,
    outputs,
    constants,
    nodes,
    metadata: {},
  };
}

/** A graph in the text form; what `parseGraph` reads, but for constants that do not follow from their name. */
export function printGraph(graph: Graph): string {
  const isInline = (key: string) => {
    const constant = graph.constants.get(key);
    return constant && countOf(constant.dims) <= inlineLimit && constant.type !== "string";
  };
  const operand = (key: string) => {
    const constant = isInline(key) && graph.constants.get(key);
    return constant ? printConstant(constant) : key ? printName(key) : "_";
  };
  const returned = new Set(graph.outputs.map((output) => output.name));
  const lines = graph.opset === 18 ? [] : [`opset ${graph.opset}`];
  for (const input of graph.inputs) lines.push(printInfo(input));
  for (const [key, constant] of graph.constants)
    if (!isInline(key)) lines.push(printDeclaration(key, constant));
    else if (returned.has(key)) lines.push(`const ${printName(key)} = ${printConstant(constant)}`);
  for (const node of graph.nodes) {
    const op = node.domain ? `${node.domain}.${node.op}` : node.op;
    const attributes = Object.entries(node.attributes).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const shown = attributes.map(([key, value]) => `${printName(key)}: ${printAttribute(value)}`);
    lines.push(
      `${node.outputs.map((output) => (output ? printName(output) : "_")).join(", ")} = ${op}(` +
        `${node.inputs.map(operand).join(", ")})${shown.length ? ` { ${shown.join(", ")} }` : ""}`,
    );
  }
  if (graph.outputs.length) lines.push(`return ${graph.outputs.map(printInfo).join(", ")}`);
  return lines.join("\n") + "\n";
}

/** The constant a text declares by `const name: type[dims]`: floats in (−1, 1), integers in 0..7, by name. */
export function seededConstant(name: string, type: ElementType, dims: readonly number[]): Constant {
  let state = hash(new TextEncoder().encode(name));
  const values = Array.from({ length: countOf(dims) }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    const unit = ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    return type === "f32" || type === "f64"
      ? 2 * unit - 1
      : Math.floor(unit * (type === "bool" ? 2 : 8));
  });
  return packed(type, values, dims);
}

const inlineLimit = 8;

function printConstant(constant: Constant): string {
  const isReal = constant.type === "f32" || constant.type === "f64" || constant.type === "f16";
  const shown = numbersOf(constant).map((value) => {
    if (constant.type === "bool") return value ? "true" : "false";
    return isReal ? printReal(value) : String(value);
  });
  if (constant.dims.length === 0) return `${constant.type}(${shown[0] ?? ""})`;
  const row = (dims: readonly number[], from: number): string => {
    if (dims.length === 0) return shown[from] ?? "";
    const [count = 0, ...rest] = dims;
    const step = countOf(rest);
    return `[${Array.from({ length: count }, (_, i) => row(rest, from + i * step)).join(", ")}]`;
  };
  return constant.type + row(constant.dims, 0);
}

function printDeclaration(key: string, constant: Constant): string {
  const shape = `${constant.type}[${constant.dims.join(", ")}]`;
  const follows =
    constant.type !== "string" &&
    elementBytes[constant.type] > 0 &&
    isSupported(constant.type) &&
    hash(constant.bytes) === hash(seededConstant(key, constant.type, constant.dims).bytes);
  const mark = follows ? "" : ` = #${hash(constant.bytes).toString(16).padStart(8, "0")}`;
  return `const ${printName(key)}: ${shape}${mark}`;
}

function printInfo(info: ValueInfo): string {
  if (!info.dims) return printName(info.name) + (info.type ? `: ${info.type}` : "");
  const dims = info.dims.map((dim) => (typeof dim === "number" ? dim : printName(dim)));
  return `${printName(info.name)}: ${info.type}[${dims.join(", ")}]`;
}

function printAttribute(attribute: Attribute): string {
  switch (attribute.kind) {
    case "int":
      return String(attribute.value);
    case "float":
      return printReal(attribute.value, true);
    case "string":
      return JSON.stringify(attribute.value);
    case "ints":
      return `[${attribute.value.join(", ")}]`;
    case "floats":
      return `[${attribute.value.map((value) => printReal(value, true)).join(", ")}]`;
    case "strings":
      return `[${attribute.value.map((value) => JSON.stringify(value)).join(", ")}]`;
    case "tensor":
      return countOf(attribute.value.dims) <= inlineLimit
        ? printConstant(attribute.value)
        : `${attribute.value.type}[${attribute.value.dims.join(", ")}] #${hash(attribute.value.bytes).toString(16)}`;
    case "graph":
      return `graph { ${printGraph(attribute.value).trim().replaceAll("\n", "; ")} }`;
  }
}

/** The shortest decimal that is the same float32. */
function printReal(value: number, isMarked = false): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  let text = String(value);
  for (let digits = 1; digits < 10; digits++) {
    const candidate = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(candidate)) !== Math.fround(value)) continue;
    text = candidate;
    break;
  }
  return isMarked && !isFloatText(text) ? `${text}.0` : text;
}

function printName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && name !== "_" && !isElementType(name)
    ? name
    : JSON.stringify(name);
}

function one(kind: "int" | "float", value: number): Attribute {
  return { kind, value };
}

function isFloatText(text: string): boolean {
  return /[.e]|inf|nan/.test(text);
}

function isElementType(text: string): boolean {
  return text in elementBytes;
}

function isSupported(type: ElementType): boolean {
  return type !== "f16" && type !== "bf16";
}

function packed(type: ElementType, values: readonly number[], dims: readonly number[]): Constant {
  const arrays = {
    f32: Float32Array,
    f64: Float64Array,
    i8: Int8Array,
    u8: Uint8Array,
    i16: Int16Array,
    u16: Uint16Array,
    i32: Int32Array,
    u32: Uint32Array,
    bool: Uint8Array,
  };
  if (type === "i64") return { type, dims, bytes: bytesOf(BigInt64Array.from(values, toInt64)) };
  const array = type in arrays ? arrays[type as keyof typeof arrays] : undefined; // just looked
  if (!array) throw new RangeError(`the text form has no constants of type ${type}`);
  return { type, dims, bytes: bytesOf(array.from(values)) };
}

/** FNV-1a. */
function hash(bytes: Uint8Array): number {
  let value = 0x811c9dc5;
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}

interface Token {
  readonly text: string;
  readonly line: number;
}

/** Names, strings, numbers, marks and line ends; a line end inside brackets is none. */
function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern =
    /\n|[ \t\r]+|\/\/[^\n]*|"(?:[^"\\]|\\.)*"|-?(?:inf|\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)|[A-Za-z_]\w*|[:,=(){}[\].]/gy;
  let [line, depth] = [1, 0];
  for (let at = 0; at < text.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const token = pattern.exec(text)?.[0];
    if (!token) throw new RangeError(`line ${line}: cannot read "${text.slice(at, at + 12)}"`);
    if ("([{".includes(token)) depth++;
    if (")]}".includes(token)) depth--;
    if (token === "\n" ? depth === 0 : !/^([ \t\r]|\/\/)/.test(token))
      tokens.push({ text: token, line });
    if (token === "\n") line++;
  }
  return tokens;
}
