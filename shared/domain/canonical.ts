import serialize from "canonicalize";

/** Canonical JSON (RFC 8785): equal values give equal text, whatever the order their keys were written in. */
export function canonicalJson(value: unknown): string {
  const text = serialize(value);
  if (text === undefined) throw new TypeError("canonical JSON needs a value that JSON can hold");
  return text;
}
