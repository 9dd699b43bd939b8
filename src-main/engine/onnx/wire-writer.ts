import protobuf from "protobufjs/minimal.js";
import { bytesOf, stringsOf } from "./constant.ts";
import { elementCodes } from "./element-codes.ts";
import type { Attribute, Constant, Graph, Node, ValueInfo } from "./graph.ts";

const { Writer } = protobuf;
type Writer = protobuf.Writer;

/** A graph as the bytes of a ModelProto that the runtime loads. Value infos are not written: the runtime infers them. */
export function writeGraph(graph: Graph): Uint8Array {
  const writer = Writer.create();
  writer.uint32(tag(1, 0)).int64(Math.max(graph.irVersion, 3));
  writer.uint32(tag(2, 2)).string("hansight");
  nested(writer, 7, () => writeGraphBody(writer, graph));
  for (const [domain, version] of [["", graph.opset] as const, ...Object.entries(graph.domains)])
    nested(writer, 8, () => {
      writer.uint32(tag(1, 2)).string(domain);
      writer.uint32(tag(2, 0)).int64(version);
    });
  for (const [key, value] of Object.entries(graph.metadata))
    nested(writer, 14, () => {
      writer.uint32(tag(1, 2)).string(key);
      writer.uint32(tag(2, 2)).string(value);
    });
  return bytesOf(writer.finish());
}

function tag(field: number, wire: number): number {
  return (field << 3) | wire;
}

function nested(writer: Writer, field: number, write: () => void) {
  writer.uint32(tag(field, 2)).fork();
  write();
  writer.ldelim();
}

function writeGraphBody(writer: Writer, graph: Graph) {
  for (const node of graph.nodes) nested(writer, 1, () => writeNode(writer, node));
  writer.uint32(tag(2, 2)).string(graph.name || "graph");
  for (const [name, constant] of graph.constants)
    nested(writer, 5, () => writeTensor(writer, constant, name));
  for (const input of graph.inputs) nested(writer, 11, () => writeValueInfo(writer, input));
  for (const output of graph.outputs) nested(writer, 12, () => writeValueInfo(writer, output));
}

function writeNode(writer: Writer, node: Node) {
  for (const input of node.inputs) writer.uint32(tag(1, 2)).string(input);
  for (const output of node.outputs) writer.uint32(tag(2, 2)).string(output);
  if (node.name) writer.uint32(tag(3, 2)).string(node.name);
  writer.uint32(tag(4, 2)).string(node.op);
  for (const [name, attribute] of Object.entries(node.attributes))
    nested(writer, 5, () => writeAttribute(writer, name, attribute));
  if (node.domain) writer.uint32(tag(7, 2)).string(node.domain);
}

const attributeTypes = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
};

function writeAttribute(writer: Writer, name: string, attribute: Attribute) {
  writer.uint32(tag(1, 2)).string(name);
  if (attribute.kind === "float") writer.uint32(tag(2, 5)).float(attribute.value);
  else if (attribute.kind === "int") writer.uint32(tag(3, 0)).int64(writable(attribute.value));
  else if (attribute.kind === "string") writer.uint32(tag(4, 2)).string(attribute.value);
  else if (attribute.kind === "tensor")
    nested(writer, 5, () => writeTensor(writer, attribute.value, ""));
  else if (attribute.kind === "graph")
    nested(writer, 6, () => writeGraphBody(writer, attribute.value));
  else if (attribute.kind === "floats")
    for (const value of attribute.value) writer.uint32(tag(7, 5)).float(value);
  else if (attribute.kind === "ints")
    for (const value of attribute.value) writer.uint32(tag(8, 0)).int64(writable(value));
  else for (const value of attribute.value) writer.uint32(tag(9, 2)).string(value);
  writer.uint32(tag(20, 0)).int32(attributeTypes[attribute.kind]);
}

/** The largest int64 is no double: 2^63 would be written as its negative. */
function writable(value: number): number {
  return Math.min(value, 2 ** 63 - 1024);
}

function writeTensor(writer: Writer, constant: Constant, name: string) {
  for (const dim of constant.dims) writer.uint32(tag(1, 0)).int64(dim);
  writer.uint32(tag(2, 0)).int32(elementCodes[constant.type] ?? 0);
  if (name) writer.uint32(tag(8, 2)).string(name);
  if (constant.type === "string")
    for (const string of stringsOf(constant)) writer.uint32(tag(6, 2)).string(string);
  else writer.uint32(tag(9, 2)).bytes(constant.bytes);
}

function writeValueInfo(writer: Writer, info: ValueInfo) {
  const { name, type, dims } = info;
  writer.uint32(tag(1, 2)).string(name);
  if (!type) return;
  nested(writer, 2, () =>
    nested(writer, 1, () => {
      writer.uint32(tag(1, 0)).int32(elementCodes[type] ?? 1);
      if (!dims) return;
      nested(writer, 2, () => {
        for (const dim of dims)
          nested(writer, 1, () => {
            if (typeof dim === "number") writer.uint32(tag(1, 0)).int64(dim);
            else writer.uint32(tag(2, 2)).string(dim);
          });
      });
    }),
  );
}
