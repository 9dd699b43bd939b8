import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../shared/domain/canonical.ts";
import type { AuditId, ReaderId } from "../../shared/domain/ids.ts";
import type { SignatureFile, SignedStatement } from "../../shared/domain/signature.ts";
import { signatureWords, signingDate } from "../../shared/messages/signature-words.ts";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import { PrivateKey } from "./private-key.ts";
import { isSignedBy } from "./public-key.ts";
import { signManifest, type ToSign } from "./sign-manifest.ts";
import {
  addSignature,
  readSignatures,
  signatureText,
  signedBytes,
  type NamedSignature,
} from "./signature-file.ts";
import { verifySignature, verifySignatures, type SignatureContext } from "./verify-signatures.ts";

const meyer = PrivateKey.generate("5f0c7d2e-8f3b-4a61-9d57-0c1e2b3a4d5f" as ReaderId); // made up
const klein = PrivateKey.generate("0a9b8c7d-6e5f-4d3c-8b2a-190817263544" as ReaderId); // made up

const toSign: ToSign = {
  auditId: "audit-1" as AuditId, // made up
  revision: 1,
  manifestSha256: "ab".repeat(32),
  recordTip: { no: 41, hash: "cd".repeat(32) },
  signer: { readerId: meyer.readerId, name: "A. Meyer", role: "lead" },
  meaning: "approved",
  statement: "I have read it – all of it.",
  at: "2026-03-03T14:05:09+01:00",
};
const kleins = { readerId: klein.readerId, name: "B. Klein", role: "reviewer" };
const recorded = [
  { ...toSign.signer, publicKey: meyer.publicKey },
  { ...kleins, publicKey: klein.publicKey },
];
const context: SignatureContext = {
  auditId: toSign.auditId,
  revision: 1,
  manifestSha256: toSign.manifestSha256,
  recordHash: (no) => (no === 41 ? toSign.recordTip.hash : no < 50 ? "ee".repeat(32) : null),
  readers: recorded,
  known: [{ readerId: meyer.readerId, publicKey: meyer.publicKey, name: "A. Meyer" }],
  entered: [],
};
const signature = signManifest(meyer, toSign);

describe("a signature", () => {
  it("is Ed25519 over the RFC 8785 bytes of exactly the stated fields", () => {
    expect(Object.keys(signature.signed).toSorted()).toEqual(
      [
        ...["auditId", "revision", "manifestSha256", "recordNo", "recordHash", "readerId"],
        ...["publicKey", "name", "role", "meaning", "statement", "signedAt"],
      ].toSorted(),
    );
    // by hand: keys sorted, no white space
    const text =
      `{"auditId":"audit-1","manifestSha256":"${"ab".repeat(32)}","meaning":"approved","name":"A. Meyer",` +
      `"publicKey":"${meyer.publicKey}","readerId":"${meyer.readerId}","recordHash":"${"cd".repeat(32)}",` +
      `"recordNo":41,"revision":1,"role":"lead","signedAt":"2026-03-03T14:05:09+01:00",` +
      `"statement":"I have read it – all of it."}`;
    expect(isSignedBy(meyer.publicKey, Buffer.from(text), signature.signature)).toBe(true);
  });

  it("is refused for another's key, and where Verify could not read it", () => {
    expect(() => signManifest(klein, toSign)).toThrow(RangeError);
    const wrong = [
      { at: "2026-03-03" },
      { at: "2026-03-03T14:05:09" },
      { revision: 0 },
      { manifestSha256: "AB".repeat(32) },
      { signer: { ...toSign.signer, name: "A.\u202eMeyer" } },
      { signer: { ...toSign.signer, name: "\ud800" } },
    ];
    for (const change of wrong)
      expect(() => signManifest(meyer, { ...toSign, ...change })).toThrow();
  });

  it("reads unchanged by a key known here, and never by one known from the record alone", () => {
    const here = check(signature);
    expect(here).toMatchObject({ state: "unchanged", key: "computer", faults: [] });
    expect(signatureWords(here)).toEqual([
      `Unchanged since signed by A. Meyer on 3 March 2026, 14:05 (+01:00) (key ${meyer.fingerprint})`,
    ]);
    const there = check(signature, { known: [] });
    expect(there).toMatchObject({ state: "unconfirmed", key: "record", faults: [] });
    expect(signatureWords(there).join()).not.toContain("nchanged");
    const nowhere = check(signature, { readers: [] });
    expect(nowhere).toMatchObject({
      state: "broken", // though the key lies on this computer
      key: "nowhere",
      faults: [{ kind: "key-not-in-record" }],
    });
  });

  it("by a new key of the same name, entered in an edited record, is unconfirmed and warned of", () => {
    for (const readerId of [meyer.readerId, klein.readerId]) {
      const forger = PrivateKey.generate(readerId);
      const signer = { ...toSign.signer, readerId };
      const forged = signManifest(forger, { ...toSign, signer });
      const result = check(forged, { readers: [{ ...signer, publicKey: forger.publicKey }] });
      expect(result).toMatchObject({ state: "unconfirmed", otherKeyHere: meyer.fingerprint });
      expect(signatureWords(result).at(-1)).toContain(`another key for A. Meyer`);
    }
  });

  it("is broken by a name or role that the record does not have for its key", () => {
    const posing = { ...kleins, name: "A. Meyer" };
    expect(check(signManifest(klein, { ...toSign, signer: posing })).faults).toEqual([
      { kind: "name", recorded: "B. Klein" },
    ]);
    const raised = { ...kleins, role: "lead" };
    expect(check(signManifest(klein, { ...toSign, signer: raised })).faults).toEqual([
      { kind: "role", recorded: "reviewer" },
    ]);
    // a role given later does not undo what was signed before
    const later = [...recorded, { ...kleins, role: "lead", publicKey: klein.publicKey }];
    expect(
      check(signManifest(klein, { ...toSign, signer: kleins }), { readers: later }),
    ).toMatchObject({ faults: [] });
  });

  it.each<[Partial<SignatureContext>, string]>([
    [{ auditId: "audit-2" as AuditId }, "audit"], // made up
    [{ revision: 2 }, "revision"],
    [{ manifestSha256: "ac".repeat(32) }, "manifest"],
    [{ recordHash: () => "ce".repeat(32) }, "record-hash"],
    [{ recordHash: () => null }, "record-number"],
  ])("names what changed around it: %o is the %s", (changed, kind) => {
    expect(check(signature, changed)).toMatchObject({ state: "broken", faults: [{ kind }] });
  });
});

describe("an edited signature file", () => {
  const edits: { readonly [Field in keyof SignedStatement]: SignedStatement[Field] } = {
    auditId: "audit-2" as AuditId, // made up
    revision: 2,
    manifestSha256: "ac".repeat(32),
    recordNo: 42,
    recordHash: "ce".repeat(32),
    readerId: klein.readerId,
    publicKey: klein.publicKey,
    name: "A. Mayer",
    role: "reviewer",
    meaning: "reviewed",
    statement: "I have read it.",
    signedAt: "2026-03-04T14:05:09+01:00",
  };

  it.each(Object.entries(edits))(
    "is broken by its field %s, named from the record",
    (field, is) => {
      const edited = { ...signature, signed: { ...signature.signed, [field]: is } };
      expect(check(edited)).toMatchObject({ state: "broken" });
      expect(check(edited).faults).toContainEqual({ kind: "signature" });
      const was = String(signature.signed[field as keyof SignedStatement]); // a key of `edits`
      const faults = check(edited, { entered: [signature] }).faults;
      expect(faults).toContainEqual({ kind: "changed", field, was, is: String(is) });
    },
  );

  it("is broken by any flipped bit of any byte, and by any byte more or less", () => {
    const bytes = Buffer.from(signatureText(signature));
    expect(verifySignature({ file: "1.json", bytes }, context).state).toBe("unchanged");
    const found = new Set<string>();
    for (let at = 0; at < bytes.length; at++)
      for (const bit of [1, 4, 32, 128]) {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ bit;
        const result = verifySignature({ file: "1.json", bytes: flipped }, context);
        expect(result.state, `byte ${at}`).toBe("broken");
        for (const fault of result.faults) found.add(fault.kind);
        expect(signatureWords(result)[0]).toMatch(/broken: ./);
      }
    expect([...found]).toEqual(expect.arrayContaining(["unreadable", "signature", "manifest"]));
    for (const other of [` ${bytes}`, `${bytes}\n`, `\ufeff${bytes}`, `${bytes}`.trim(), ""])
      expect(check(Buffer.from(other)).state).toBe("broken");
    expect(check(Buffer.from(JSON.stringify(signature, null, 2))).faults).toEqual([
      { kind: "rewritten" },
    ]);
    // a second "name" before the first: some readers would show the one, some the other
    const doubled = `${bytes}`.replace('"name":', '"name":"E. Vil","name":');
    expect(check(Buffer.from(doubled)).faults).toEqual([{ kind: "rewritten" }]);
  });

  it("names the field that cannot be read, added ones too", () => {
    const { signed } = signature;
    const file = (content: object) => check(Buffer.from(canonicalJson(content)));
    expect(file({ ...signature, signed: { ...signed, revision: "1" } }).faults).toEqual([
      { kind: "unreadable", field: "signed.revision" },
    ]);
    expect(file({ ...signature, signed: { ...signed, note: "" } }).faults).toEqual([
      { kind: "unreadable", field: "signed.note" },
    ]);
    expect(signatureWords(check(Buffer.of(0xff)))).toEqual([
      "Signature file 1.json is broken: it is not a signature",
    ]);
  });

  it("with a key that fits everything is broken even where the record has that key", () => {
    const publicKey = `01${"00".repeat(31)}`; // the neutral point
    const forged = {
      ...signature,
      signed: { ...signature.signed, publicKey },
      signature: publicKey + "00".repeat(32),
    };
    const readers = [{ ...toSign.signer, publicKey }];
    expect(check(forged, { readers }).faults).toContainEqual({ kind: "worthless-key" });
  });
});

describe("several signers", () => {
  it("stand beside each other in numbered files, also when they sign at once", async () => {
    const folder = `${await temporaryFolder()}/signatures`;
    expect(await readSignatures(folder)).toEqual([]);
    const second = signManifest(klein, { ...toSign, signer: kleins, meaning: "reviewed" });
    const third = signManifest(meyer, { ...toSign, meaning: "responsible" });
    const names = await Promise.all(
      [signature, second, third].map((file) => addSignature(folder, file)),
    );
    expect(names.toSorted()).toEqual(["1.json", "2.json", "3.json"]);
    const later = signManifest(meyer, { ...toSign, at: "2026-03-05T08:00:00Z" });
    await expect(addSignature(folder, later)).rejects.toMatchObject({
      code: "keys/signed-already",
    });
    const checks = verifySignatures(await readSignatures(folder), context);
    expect(checks.map(({ state }) => state).toSorted()).toEqual([
      ...["unchanged", "unchanged", "unconfirmed"],
    ]);
    const next = signManifest(meyer, { ...toSign, revision: 2 });
    expect(await addSignature(folder, next)).toBe("4.json");
  });

  it("are counted once each: a copied file is no second signer", () => {
    const [first, copy] = verifySignatures([named("1.json"), named("2.json")], context);
    expect(first).toMatchObject({ state: "unchanged" });
    expect(copy).toMatchObject({ state: "broken", faults: [{ kind: "duplicate", of: "1.json" }] });
  });

  it("are missed where the record has them and the folder does not", () => {
    const checks = verifySignatures([], { ...context, entered: [signature] });
    expect(checks).toMatchObject([{ state: "broken", faults: [{ kind: "missing" }] }]);
    expect(signatureWords(checks[0]!)[0]).toContain("A. Meyer is broken: its file is gone"); // matched above
    // an edited file stands for the one that was signed: one finding, not two
    const edited = { ...signature, signed: { ...signature.signed, statement: "" } };
    expect(
      verifySignatures([named("1.json", edited)], { ...context, entered: [signature] }),
    ).toHaveLength(1);
  });
});

it("dates are the signer's own, whatever clock reads them", () => {
  expect(signingDate("2026-03-03T23:59:59.123-11:00")).toBe("3 March 2026, 23:59 (-11:00)");
  expect(signingDate("2026-12-31T00:00Z")).toBe("31 December 2026, 00:00 (UTC)");
});

function named(file: string, content: SignatureFile = signature): NamedSignature {
  return { file, bytes: Buffer.from(signatureText(content)) };
}

function check(content: SignatureFile | Buffer, changed: Partial<SignatureContext> = {}) {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(signatureText(content));
  return verifySignature({ file: "1.json", bytes }, { ...context, ...changed });
}

it("the signed bytes do not depend on the order of the fields", () => {
  const entries = Object.entries(signature.signed).toReversed();
  const reversed = Object.fromEntries(entries) as unknown as SignedStatement; // the same fields
  expect(signedBytes(reversed).equals(signedBytes(signature.signed))).toBe(true);
});
