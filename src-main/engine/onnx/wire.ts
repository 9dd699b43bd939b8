import protobuf from "protobufjs/minimal.js";
import { bytesOf, countOf, elementBytes, toInt64 } from "./constant.ts";
import { elementTypes } from "./element-codes.ts";
import type { Attribute, Constant, Dim, ElementType, Graph, Node, ValueInfo } from "./graph.ts";

/**
 * ONNX as protobuf: the fields we use, by field number (onnx.proto, IR 13). Generated classes were passed over: they copy every weight once more and fill missing fields with defaults that the graph must not have.
 */

/** A model file as written: nothing is rewritten yet. */
export interface Model {
  readonly graph: Graph;
  readonly producer: string;
  /** Local functions by "domain:name". */
  readonly functions: ReadonlyMap<string, LocalFunction>;
  /** Outputs that are not tensors (maps, sequences). */
  readonly otherOutputs: readonly string[];
}

export interface LocalFunction {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly Node[];
  /** Default values of attributes that callers may leave off. */
  readonly defaults: Readonly<Record<string, Attribute>>;
  readonly domains: Readonly<Record<string, number>>;
}

/** Bytes of a tensor stored beside the model: `length` null means to the end of the file. */
export type ReadExternal = (location: string, offset: number, length: number | null) => Uint8Array;

/** The name of a reference inside a local function: replaced when the function is inlined. */
export const referencePrefix = "\u0000ref:";

const { Reader } = protobuf;
type Reader = protobuf.Reader;

export { writeGraph } from "./wire-writer.ts";

/** Reads a ModelProto. Throws RangeError or Error on bytes that are none. */
export function parseModel(bytes: Uint8Array, readExternal: ReadExternal = noExternal): Model {
  let irVersion = 0;
  let producer = "";
  const imports: Record<string, number> = {};
  const metadata: Record<string, string> = {};
  const functions = new Map<string, LocalFunction>();
  let graphBytes: Uint8Array | undefined;
  fields(bytesOf(bytes), (field, reader) => {
    if (field === 1) irVersion = int(reader);
    else if (field === 2) producer = [reader.string(), producer].filter(Boolean).join(" ");
    else if (field === 3) producer = [producer, reader.string()].filter(Boolean).join(" ");
    else if (field === 7) graphBytes = reader.bytes();
    else if (field === 8) readImport(reader.bytes(), imports);
    else if (field === 14) readPair(reader.bytes(), metadata);
    else if (field === 25) readFunction(reader.bytes(), functions);
    else return false;
    return true;
  });
  if (!graphBytes) throw new RangeError("it holds no graph");
  const otherOutputs: string[] = [];
  const { "": opset = 1, ...domains } = imports;
  const graph = readGraph(graphBytes, readExternal, otherOutputs);
  return {
    graph: { ...graph, opset, irVersion, domains, metadata },
    producer,
    functions,
    otherOutputs,
  };
}

function noExternal(location: string): never {
  throw new RangeError(`it keeps weights in "${location}"`);
}

function fields(bytes: Uint8Array, read: (field: number, reader: Reader, wire: number) => boolean) {
  const reader = Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (!read(tag >>> 3, reader, tag & 7)) reader.skipType(tag & 7);
  }
}

function int(reader: Reader): number {
  const value: unknown = reader.int64();
  return typeof value === "number" ? value : Number(String(value));
}

function ints(reader: Reader, wire: number, into: number[]) {
  if (wire !== 2) return void into.push(int(reader));
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new RangeError("index out of range");
  while (reader.pos < end) into.push(int(reader));
}

function floats(reader: Reader, wire: number, into: number[]) {
  if (wire !== 2) return void into.push(reader.float());
  const packed = reader.bytes();
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  for (let at = 0; at + 4 <= packed.length; at += 4) into.push(view.getFloat32(at, true));
}

function readImport(bytes: Uint8Array, imports: Record<string, number>) {
  let [domain, version] = ["", 0];
  fields(bytes, (field, reader) => {
    if (field === 1) domain = reader.string();
    else if (field === 2) version = int(reader);
    else return false;
    return true;
  });
  imports[plainDomain(domain)] = version;
}

function plainDomain(domain: string): string {
  return domain === "ai.onnx" ? "" : domain;
}

function readPair(bytes: Uint8Array, pairs: Record<string, string>) {
  let [key, value] = ["", ""];
  fields(bytes, (field, reader) => {
    if (field === 1) key = reader.string();
    else if (field === 2) value = reader.string();
    else return false;
    return true;
  });
  pairs[key] = value;
}

function readGraph(bytes: Uint8Array, readExternal: ReadExternal, otherOutputs: string[]): Graph {
  let name = "";
  const nodes: Node[] = [];
  const constants = new Map<string, Constant>();
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  fields(bytes, (field, reader) => {
    if (field === 1) nodes.push(readNode(reader.bytes(), readExternal));
    else if (field === 2) name = reader.string();
    else if (field === 5) {
      const [key, constant] = readTensor(reader.bytes(), readExternal);
      constants.set(key, constant);
    } else if (field === 11) {
      const { type, name, dims } = readValueInfo(reader.bytes());
      if (type) inputs.push({ name, type, dims });
    } else if (field === 12) {
      const { isTensor, type = null, ...info } = readValueInfo(reader.bytes());
      if (isTensor) outputs.push({ ...info, type });
      else otherOutputs.push(info.name);
    } else if (field === 15) throw new RangeError("it stores sparse weights");
    else return false;
    return true;
  });
  const domains = {};
  return {
    name,
    opset: 0,
    irVersion: 0,
    domains,
    inputs,
    outputs,
    constants,
    nodes,
    metadata: {},
  };
}

function readValueInfo(bytes: Uint8Array) {
  let name = "";
  let isTensor = true; // as long as no other type is stated
  let type: ElementType | undefined;
  let dims: (Dim | null)[] | null = null;
  fields(bytes, (field, reader) => {
    if (field === 1) name = reader.string();
    else if (field === 2)
      fields(reader.bytes(), (kind, inner) => {
        isTensor = kind === 1;
        if (!isTensor) return false; // sequences, maps and optionals
        fields(inner.bytes(), (part, tensor) => {
          if (part === 1) type = elementTypes[int(tensor)];
          else if (part === 2) dims = readDims(tensor.bytes());
          else return false;
          return true;
        });
        return true;
      });
    else return false;
    return true;
  });
  // An unnamed dim gets a name of its own: the runtime takes equal names for equal sizes.
  const named = (dims as (Dim | null)[] | null)?.map((dim, i) => dim ?? `${name}_dim${i}`); // assigned in a callback
  return { name, isTensor, type, dims: named ?? null };
}

function readDims(bytes: Uint8Array): (Dim | null)[] {
  const dims: (Dim | null)[] = [];
  fields(bytes, (field, reader) => {
    if (field !== 1) return false;
    let dim: Dim | null = null;
    fields(reader.bytes(), (kind, inner) => {
      if (kind === 1) {
        const value = int(inner);
        if (value >= 0) dim = value;
      } else if (kind === 2) dim = inner.string() || dim;
      else return false;
      return true;
    });
    dims.push(dim);
    return true;
  });
  return dims;
}

function readNode(bytes: Uint8Array, readExternal: ReadExternal): Node {
  let [name, op, domain] = ["", "", ""];
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: Record<string, Attribute> = {};
  fields(bytes, (field, reader) => {
    if (field === 1) inputs.push(reader.string());
    else if (field === 2) outputs.push(reader.string());
    else if (field === 3) name = reader.string();
    else if (field === 4) op = reader.string();
    else if (field === 5) {
      const [key, attribute] = readAttribute(reader.bytes(), readExternal);
      attributes[key] = attribute;
    } else if (field === 7) domain = plainDomain(reader.string());
    else return false;
    return true;
  });
  return { name, domain, op, inputs, outputs, attributes };
}

function readAttribute(bytes: Uint8Array, readExternal: ReadExternal): [string, Attribute] {
  let [name, reference, type] = ["", "", 0];
  let [float, integer, string] = [0, 0, ""];
  const [floatList, intList, stringList]: [number[], number[], string[]] = [[], [], []];
  let tensor: Constant | undefined;
  let graph: Graph | undefined;
  fields(bytes, (field, reader, wire) => {
    if (field === 1) name = reader.string();
    else if (field === 2) [float, type] = [reader.float(), type || 1];
    else if (field === 3) [integer, type] = [int(reader), type || 2];
    else if (field === 4) [string, type] = [reader.string(), type || 3];
    else if (field === 5) [tensor, type] = [readTensor(reader.bytes(), readExternal)[1], type || 4];
    else if (field === 6) [graph, type] = [readGraph(reader.bytes(), readExternal, []), type || 5];
    else if (field === 7) [, type] = [floats(reader, wire, floatList), type || 6];
    else if (field === 8) [, type] = [ints(reader, wire, intList), type || 7];
    else if (field === 9) [, type] = [stringList.push(reader.string()), type || 8];
    else if (field === 20) type = int(reader);
    else if (field === 21) reference = reader.string();
    else return false;
    return true;
  });
  if (reference) return [name, { kind: "string", value: referencePrefix + reference }];
  if (type === 1) return [name, { kind: "float", value: float }];
  if (type === 2) return [name, { kind: "int", value: integer }];
  if (type === 3) return [name, { kind: "string", value: string }];
  if (type === 4 && tensor) return [name, { kind: "tensor", value: tensor }];
  if (type === 5 && graph) return [name, { kind: "graph", value: graph }];
  if (type === 6) return [name, { kind: "floats", value: floatList }];
  if (type === 7) return [name, { kind: "ints", value: intList }];
  if (type === 8) return [name, { kind: "strings", value: stringList }];
  throw new RangeError(`attribute "${name}" has a kind we do not read (${type})`);
}

function readTensor(bytes: Uint8Array, readExternal: ReadExternal): [string, Constant] {
  let [name, code, isExternal] = ["", 0, false];
  const dims: number[] = [];
  const [narrow, wide]: [number[], number[]] = [[], []];
  const strings: Uint8Array[] = [];
  const external: Record<string, string> = {};
  const chunks: Uint8Array[] = [];
  fields(bytes, (field, reader, wire) => {
    if (field === 1) ints(reader, wire, dims);
    else if (field === 2) code = int(reader);
    else if (field === 4 || field === 10)
      chunks.push(wire === 2 ? reader.bytes() : floatBytes(reader, field));
    else if (field === 5) ints(reader, wire, narrow);
    else if (field === 6) strings.push(reader.bytes());
    else if (field === 7 || field === 11) ints(reader, wire, wide);
    else if (field === 8) name = reader.string();
    else if (field === 9) chunks.push(reader.bytes());
    else if (field === 13) readPair(reader.bytes(), external);
    else if (field === 14) isExternal = int(reader) === 1;
    else return false;
    return true;
  });
  const type = elementTypes[code];
  if (!type)
    throw new RangeError(`weight "${name}" has element type ${code}, which we do not read`);
  if (type === "string") return [name, { type, dims, bytes: joinStrings(strings) }];
  const size = countOf(dims) * elementBytes[type];
  let data: Uint8Array;
  if (isExternal) {
    const length = external.length ? Number(external.length) : null;
    data = readExternal(external.location ?? "", Number(external.offset ?? 0), length);
  } else if (narrow.length || wide.length) data = packIntegers(type, narrow, wide);
  else if (chunks.length === 1)
    data = chunks[0]!; // one chunk was just counted
  else data = join(chunks);
  if (data.length !== size)
    throw new RangeError(`weight "${name}" has ${data.length} bytes, but its shape needs ${size}`);
  return [name, { type, dims, bytes: data }];
}

function floatBytes(reader: Reader, field: number): Uint8Array {
  return bytesOf(field === 4 ? Float32Array.of(reader.float()) : Float64Array.of(reader.double()));
}

/** `int32_data` holds every type of at most 32 bits (half floats as bits), `int64_data` and `uint64_data` the rest. */
function packIntegers(type: ElementType, narrow: number[], wide: number[]): Uint8Array {
  switch (type) {
    case "i64":
      return bytesOf(BigInt64Array.from(wide, toInt64));
    case "u64":
      return bytesOf(BigUint64Array.from(wide, (value) => BigInt.asUintN(64, toInt64(value))));
    case "u32":
      return bytesOf(Uint32Array.from(wide));
    case "i32":
      return bytesOf(Int32Array.from(narrow));
    case "i8":
      return bytesOf(Int8Array.from(narrow));
    case "u8":
    case "bool":
      return Uint8Array.from(narrow);
    case "i16":
      return bytesOf(Int16Array.from(narrow));
    case "u16":
    case "f16":
    case "bf16":
      return bytesOf(Uint16Array.from(narrow));
    default:
      throw new RangeError(`element type ${type} is not stored as integers`);
  }
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

/** Strings of a constant: each preceded by its length in four bytes. */
function joinStrings(strings: readonly Uint8Array[]): Uint8Array {
  return join(strings.flatMap((string) => [bytesOf(Uint32Array.of(string.length)), string]));
}

function readFunction(bytes: Uint8Array, functions: Map<string, LocalFunction>) {
  let [name, domain] = ["", ""];
  const inputs: string[] = [];
  const outputs: string[] = [];
  const nodes: Node[] = [];
  const defaults: Record<string, Attribute> = {};
  const domains: Record<string, number> = {};
  fields(bytes, (field, reader) => {
    if (field === 1) name = reader.string();
    else if (field === 4) inputs.push(reader.string());
    else if (field === 5) outputs.push(reader.string());
    else if (field === 7) nodes.push(readNode(reader.bytes(), noExternal));
    else if (field === 9) readImport(reader.bytes(), domains);
    else if (field === 10) domain = reader.string();
    else if (field === 11) {
      const [key, attribute] = readAttribute(reader.bytes(), noExternal);
      defaults[key] = attribute;
    } else return false;
    return true;
  });
  functions.set(`${domain}:${name}`, { inputs, outputs, nodes, defaults, domains });
}
