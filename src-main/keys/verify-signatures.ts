import type { AuditId, ReaderId } from "../../shared/domain/ids.ts";
import type {
  KeySource,
  PublicKey,
  RecordedReader,
  SignatureCheck,
  SignatureFault,
  SignatureFile,
  SignedStatement,
} from "../../shared/domain/signature.ts";
import { fingerprint, isSignedBy, isWorthless } from "./public-key.ts";
import {
  readSignature,
  signatureText,
  signedBytes,
  type NamedSignature,
} from "./signature-file.ts";

/** A key whose private half lies on this computer; `name` where this computer knows whose it is. */
export interface KnownKey {
  readonly readerId: ReaderId;
  readonly publicKey: PublicKey;
  readonly name: string | null;
}

/** What the signatures are held against: as it is now, freshly hashed. */
export interface SignatureContext {
  readonly auditId: AuditId;
  readonly revision: number;
  /** SHA-256 of the bytes that `manifest.json` has now. */
  readonly manifestSha256: string;
  /** The hash of the record's entry `no` as recomputed, or null where there is none. */
  readonly recordHash: (no: number) => string | null;
  /** One for each name, role and key that a reader has had in the record. */
  readonly readers: readonly RecordedReader[];
  readonly known: readonly KnownKey[];
  /** The copies that `revision.sign` left in the record for this revision; none in a bundle, which ends before them. */
  readonly entered: readonly SignatureFile[];
}

/**
 * Verifies every signature of a revision, in the order of the files; those that the record has and the folder lacks come
 * last. A copy of a signature under another number is no second signer.
 */
export function verifySignatures(
  files: readonly NamedSignature[],
  context: SignatureContext,
): SignatureCheck[] {
  const seen = new Map<string, string>();
  const checks = files.map((file) => {
    const check = verifySignature(file, context);
    const read = readSignature(file.bytes);
    if ("field" in read) return check;
    const of = seen.get(read.signature);
    if (of !== undefined) return withFault(check, { kind: "duplicate", of });
    seen.set(read.signature, file.file);
    return check;
  });
  const isThere = (copy: SignatureFile) =>
    seen.has(copy.signature) ||
    checks.some(({ signed }) => signed !== null && isSameAct(signed, copy.signed));
  return [
    ...checks,
    ...context.entered.filter((copy) => !isThere(copy)).map((copy) => missing(copy, context)),
  ];
}

/** Verifies one signature file; each fault says what it breaks. */
export function verifySignature(
  { file, bytes }: NamedSignature,
  context: SignatureContext,
): SignatureCheck {
  const read = readSignature(bytes);
  if ("field" in read) {
    const faults: SignatureFault[] = [{ kind: "unreadable", field: read.field }];
    return {
      file,
      state: "broken",
      key: "nowhere",
      fingerprint: null,
      signed: null,
      otherKeyHere: null,
      faults,
    };
  }
  const { signed, signature } = read;
  const isGenuine = isSignedBy(signed.publicKey, signedBytes(signed), signature);
  const faults: SignatureFault[] = [
    ...(Buffer.from(signatureText(read)).equals(bytes) ? [] : [{ kind: "rewritten" } as const]),
    ...(isWorthless(signed.publicKey) ? [{ kind: "worthless-key" } as const] : []),
    ...(isGenuine ? [] : [{ kind: "signature" } as const, ...changes(read, context)]),
    ...contextFaults(signed, context),
  ];
  return verdict(file, signed, faults, context);
}

function verdict(
  file: string,
  signed: SignedStatement,
  faults: readonly SignatureFault[],
  context: SignatureContext,
): SignatureCheck {
  const key = keySource(signed, context);
  const state = faults.length > 0 ? "broken" : key === "computer" ? "unchanged" : "unconfirmed";
  return {
    file,
    state,
    key,
    fingerprint: fingerprint(signed.publicKey),
    signed,
    otherKeyHere: otherKeyHere(signed, context),
    faults,
  };
}

function withFault(check: SignatureCheck, fault: SignatureFault): SignatureCheck {
  return { ...check, state: "broken", faults: [...check.faults, fault] };
}

function missing(copy: SignatureFile, context: SignatureContext): SignatureCheck {
  return verdict("", copy.signed, [{ kind: "missing" }], context);
}

/** The record decides first: a key that lies here and is not in the record has no say in this audit. */
function keySource({ readerId, publicKey }: SignedStatement, context: SignatureContext): KeySource {
  const isSame = (key: { readerId: ReaderId; publicKey: PublicKey }) =>
    key.readerId === readerId && key.publicKey === publicKey;
  if (!context.readers.some(isSame)) return "nowhere";
  return context.known.some(isSame) ? "computer" : "record";
}

function contextFaults(signed: SignedStatement, context: SignatureContext): SignatureFault[] {
  const faults: SignatureFault[] = [];
  if (signed.auditId !== context.auditId) faults.push({ kind: "audit" });
  if (signed.revision !== context.revision) faults.push({ kind: "revision" });
  if (signed.manifestSha256 !== context.manifestSha256) faults.push({ kind: "manifest" });
  const recordHash = context.recordHash(signed.recordNo);
  if (recordHash === null) faults.push({ kind: "record-number" });
  else if (recordHash !== signed.recordHash) faults.push({ kind: "record-hash" });
  return [...faults, ...signerFaults(signed, context)];
}

function signerFaults(signed: SignedStatement, context: SignatureContext): SignatureFault[] {
  const faults: SignatureFault[] = [];
  const { readerId, publicKey, name, role } = signed;
  const held = context.readers.filter(
    (reader) => reader.readerId === readerId && reader.publicKey === publicKey,
  );
  const last = held.at(-1);
  if (!last) faults.push({ kind: "key-not-in-record" });
  else if (!held.some((reader) => reader.name === name))
    faults.push({ kind: "name", recorded: last.name });
  else if (!held.some((reader) => reader.name === name && reader.role === role))
    faults.push({ kind: "role", recorded: last.role });
  return faults;
}

function otherKeyHere(
  { readerId, publicKey, name }: SignedStatement,
  { known }: SignatureContext,
): string | null {
  if (known.some((key) => key.publicKey === publicKey)) return null;
  const other = known.find((key) => key.readerId === readerId || isSameName(key, name));
  return other ? fingerprint(other.publicKey) : null;
}

function isSameName(key: KnownKey, name: string): boolean {
  const plain = (text: string) => text.normalize("NFKC").trim().toLocaleLowerCase("en");
  return key.name !== null && plain(key.name) === plain(name);
}

/** How a signature that does not fit differs from the copy in the record it comes nearest to. */
function changes(file: SignatureFile, { entered }: SignatureContext): SignatureFault[] {
  const nearest = entered
    .map((copy) => differences(copy, file))
    .toSorted((a, b) => a.length - b.length)[0];
  return nearest && nearest.length <= mostChanges ? nearest : [];
}

/** Beyond this many fields it is another signature rather than a changed one. */
const mostChanges = 3;

function differences(copy: SignatureFile, file: SignatureFile): SignatureFault[] {
  const was = { ...copy.signed, signature: copy.signature };
  const is = { ...file.signed, signature: file.signature };
  return keysOf(was)
    .filter((field) => was[field] !== is[field])
    .map((field) => ({ kind: "changed", field, was: String(was[field]), is: String(is[field]) }));
}

function isSameAct(a: SignedStatement, b: SignedStatement): boolean {
  return a.publicKey === b.publicKey && a.meaning === b.meaning;
}

function keysOf<T extends object>(value: T): (keyof T & string)[] {
  return Object.keys(value) as (keyof T & string)[]; // sound: a plain object made above
}
