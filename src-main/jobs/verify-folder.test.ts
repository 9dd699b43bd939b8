import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Person } from "../../shared/contract/people.ts";
import type { RecordEntry } from "../../shared/domain/command.ts";
import type { ReaderId } from "../../shared/domain/ids.ts";
import { PrivateKey } from "../keys/private-key.ts";
import { parseSignature, signatureText } from "../keys/signature-file.ts";
import { signManifest } from "../keys/sign-manifest.ts";
import { entryHash } from "../store/record.ts";
import { createTestApp, type TestApp } from "../../test/support/test-app.ts";
import {
  bundleOf,
  prepareRevision,
  signableAudit,
  signRevision,
  verifyPath,
} from "../../test/support/signed-audit.ts";
import { manifestText, manifestSchema, sha256Of, type Manifest } from "./bundle-files.ts";

describe("verifying a folder", () => {
  let app: TestApp;
  let meyer: Person;
  let kone: Person;
  let folder: string;
  let copies = 0;
  const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" }).format(new Date());

  beforeAll(async () => {
    app = await createTestApp();
    const made = await signableAudit(app);
    ({ meyer, kone, folder } = made);
    await prepareRevision(app, made.auditId, [
      [meyer, "authored"],
      [kone, "reviewed"],
    ]);
    await signRevision(app, made.auditId, meyer, "authored");
    await signRevision(app, made.auditId, kone, "reviewed");
  }, 60_000);
  afterAll(() => app.remove());

  /** The bundle alone, as it is handed out. */
  function handedOut(): string {
    const copy = join(app.folder, `handed-out-${++copies}`);
    cpSync(bundleOf(folder), copy, { recursive: true });
    return copy;
  }

  /** The whole audit, as somebody else gets it: without locks, and with nothing open in it. */
  function wholeCopy(): string {
    const copy = join(app.folder, `copy-${++copies}.hansight`);
    const isLeft = (path: string) => !/^(lock|audit\.sqlite-shm)/.test(basename(path));
    cpSync(folder, copy, { recursive: true, filter: isLeft });
    return copy;
  }

  const edit = (path: string, change: (bytes: Buffer) => Buffer) =>
    writeFileSync(path, change(readFileSync(path)));
  /** One byte flipped in its lowest bit. */
  const flip = (at: number) => (bytes: Buffer) => {
    const flipped = Buffer.from(bytes);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    return flipped;
  };
  const manifestIn = (copy: string): Manifest =>
    manifestSchema.parse(JSON.parse(readFileSync(join(copy, "manifest.json"), "utf8")));

  /** Every path below a folder with size and time: what reading must leave alone. */
  function trace(path: string): string[] {
    return readdirSync(path, { recursive: true, encoding: "utf8" })
      .toSorted()
      .map((name) => {
        const { size, mtimeMs } = statSync(join(path, name));
        return `${name} ${size} ${mtimeMs}`;
      });
  }

  it("says since whom and when a handed-out report is unchanged", async () => {
    const found = await verifyPath(app, handedOut());
    expect(found).toMatchObject({
      verdict: "unchanged",
      headline: `Unchanged since signed by A. Meyer on ${date} and B. Kone on ${date}`,
      problems: [],
    });
    expect(found.parts[0].signatures.map(({ key }) => key)).toEqual([
      "key known on this computer",
      "key known on this computer",
    ]);
  });

  it("reads a whole audit and leaves not a byte or a file behind", async () => {
    const copy = wholeCopy();
    const before = trace(copy);
    expect(await verifyPath(app, copy)).toMatchObject({ verdict: "unchanged", problems: [] });
    expect(trace(copy)).toEqual(before);
    const cards = await app.client.library.list();
    expect(cards.map(({ shownPlace }) => shownPlace).join()).not.toContain("copy-");
  });

  it("names a file edited by hand, with sizes and hashes", async () => {
    const copy = handedOut();
    const path = join(copy, "items.csv");
    const was = statSync(path).size;
    const wasHash = sha256Of(readFileSync(path)).slice(0, 12);
    edit(path, (bytes) => Buffer.concat([bytes, Buffer.from("more of it")]));
    const found = await verifyPath(app, copy);
    const isHash = sha256Of(readFileSync(path)).slice(0, 12);
    const [one, two] = [was, was + 10].map((n) => n.toLocaleString("en-GB"));
    expect(found.verdict).toBe("changed");
    expect(found.headline).toBe(
      "Broken: 1 difference from what was signed by A. Meyer and B. Kone",
    );
    expect(found.problems).toEqual([
      `items.csv differs from what A. Meyer and B. Kone signed. The signed copy was ${one} bytes; this one is ${two}. SHA-256 was ${wasHash}…, is ${isHash}…`,
    ]);
  });

  it("names the file in which one bit of one byte was flipped, whichever it is", async () => {
    const names = manifestIn(bundleOf(folder)).files.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(8);
    for (const name of names) {
      const copy = handedOut();
      edit(join(copy, name), flip(statSync(join(copy, name)).size >> 1));
      const { verdict, problems } = await verifyPath(app, copy);
      expect(verdict, name).toBe("changed");
      expect(problems[0], name).toMatch(
        new RegExp(`^${name} differs from what A\\. Meyer.*Both are`),
      );
      rmSync(copy, { recursive: true });
    }
  });

  it("names a deleted file and an added one", async () => {
    const copy = handedOut();
    rmSync(join(copy, "verdicts.csv"));
    writeFileSync(join(copy, "findings-2.csv"), "title\n");
    mkdirSync(join(copy, "pictures"));
    writeFileSync(join(copy, "pictures/extra.jpg"), "x");
    const { problems } = await verifyPath(app, copy);
    expect(problems[0]).toMatch(/^verdicts\.csv is not there; the signed copy was [\d,]+ bytes$/);
    expect(problems.slice(1)).toEqual([
      "findings-2.csv (6 bytes) was added: it is in no list that was signed",
      "pictures/extra.jpg (1 bytes) was added: it is in no list that was signed",
    ]);
  });

  it("names the line of record.log in which a byte was flipped, in bundle and audit", async () => {
    const copy = handedOut();
    const text = readFileSync(join(copy, "record.log"), "utf8");
    const at = text.indexOf("A. Meyer");
    edit(join(copy, "record.log"), flip(at));
    const line = text.slice(0, at).split("\n").length;
    const { problems } = await verifyPath(app, copy);
    expect(problems[0]).toMatch(/^record\.log differs/);
    expect(problems).toContain(`record.log, line ${line}: its content differs from its hash`);
    // what came after hangs in the air, so no signature can stand on it
    expect(problems.filter((words) => words.includes("the record no longer reaches"))).toHaveLength(
      2,
    );

    const audit = wholeCopy();
    edit(join(audit, "record.log"), flip(at));
    expect((await verifyPath(app, audit)).problems).toContain(
      `Record entry ${line}: record.log has another line`,
    );
  });

  it("does not believe a manifest that was made to fit: the signatures do not cover it", async () => {
    const copy = handedOut();
    const manifest = forge(copy);
    writeFileSync(join(copy, "manifest.json"), manifestText(manifest));
    const alone = await verifyPath(app, copy);
    expect(alone.verdict).toBe("changed");
    expect(alone.problems).toContain("content.json and manifest.json disagree on items.csv");
    expect(
      alone.problems.filter((words) => words.includes("manifest.json is not the one")),
    ).toHaveLength(2);

    const audit = wholeCopy();
    const inAudit = bundleOf(audit);
    writeFileSync(join(inAudit, "manifest.json"), manifestText(forge(inAudit)));
    const found = await verifyPath(app, audit);
    expect(found.problems).toContain(
      "Revision 1: manifest.json is not the one that the record names",
    );
    expect(found.problems.some((words) => words.startsWith("Revision 1: items.csv differs"))).toBe(
      true,
    );
  });

  /** Edits items.csv, and the manifest's line of it along. */
  function forge(copy: string): Manifest {
    edit(join(copy, "items.csv"), (bytes) => Buffer.concat([bytes, Buffer.from("0,forged\n")]));
    const bytes = readFileSync(join(copy, "items.csv"));
    const manifest = manifestIn(copy);
    return {
      ...manifest,
      files: manifest.files.map((file) =>
        file.name === "items.csv"
          ? { name: file.name, bytes: bytes.byteLength, sha256: sha256Of(bytes) }
          : file,
      ),
    };
  }

  /** Signs a forged bundle anew by `key`, under A. Meyer's name. */
  function signAnew(
    copy: string,
    key: PrivateKey,
    record: { no: number; hash: string },
    manifest: Manifest,
  ) {
    const text = manifestText(manifest);
    writeFileSync(join(copy, "manifest.json"), text);
    rmSync(join(copy, "signatures"), { recursive: true });
    mkdirSync(join(copy, "signatures"));
    const signature = signManifest(key, {
      auditId: manifest.audit as never, // as the manifest names it
      revision: 1,
      manifestSha256: sha256Of(text),
      recordTip: record,
      signer: { readerId: key.readerId, name: "A. Meyer", role: "lead" },
      meaning: "authored",
      statement: "I have read it.",
      at: "2026-03-03T14:05:09+01:00",
    });
    writeFileSync(join(copy, "signatures/1.json"), signatureText(signature));
  }

  it("breaks on a folder signed anew by another key of the same name", async () => {
    const copy = handedOut();
    const manifest = forge(copy);
    const key = PrivateKey.generate("0a9b8c7d-6e5f-4d3c-8b2a-190817263544" as ReaderId); // made up
    signAnew(copy, key, { no: manifest.recordNo, hash: manifest.recordHash }, manifest);
    const found = await verifyPath(app, copy);
    expect(found.verdict).toBe("changed");
    expect(found.problems).toContain(
      "The signature of A. Meyer is broken: its key is not in the record",
    );
    expect(found.parts[0].signatures[0].key).toBe("key not in the record");
  });

  it("never calls it unchanged where the record was rewritten for the new key as well", async () => {
    const copy = handedOut();
    const key = PrivateKey.generate(meyer.id);
    const entries = readFileSync(join(copy, "record.log"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as RecordEntry);
    let prevHash = "0".repeat(64);
    const rewritten = entries.map((entry) => {
      const isMeyer = entry.action === "reader.add" && entry.object === `reader/${meyer.id}`;
      const after = isMeyer
        ? { ...(entry.after as object), publicKey: key.publicKey }
        : entry.after;
      const unhashed = { ...entry, after, prevHash };
      const whole = { ...unhashed, hash: entryHash(unhashed) };
      prevHash = whole.hash;
      return whole;
    });
    writeFileSync(
      join(copy, "record.log"),
      rewritten.map((one) => `${JSON.stringify(one)}\n`).join(""),
    );
    const relist = (name: string, files: Manifest["files"]) =>
      files.map((file) => {
        if (file.name !== name) return file;
        const bytes = readFileSync(join(copy, name));
        return { name, bytes: bytes.byteLength, sha256: sha256Of(bytes) };
      });
    const record = { no: entries.length, hash: prevHash };
    const files = relist("record.log", manifestIn(copy).files);
    const content = JSON.parse(readFileSync(join(copy, "content.json"), "utf8")) as {
      files: { path: string }[];
    };
    const byName = new Map(files.map((file) => [file.name, file]));
    const listed = content.files.map(({ path }) => {
      const { bytes, sha256 } = byName.get(path)!; // content lists what the manifest lists
      return { path, bytes, sha256 };
    });
    writeFileSync(join(copy, "content.json"), JSON.stringify({ files: listed, record }));
    const manifest = {
      ...manifestIn(copy),
      recordHash: record.hash,
      files: relist("content.json", files),
    };
    signAnew(copy, key, record, manifest);

    const found = await verifyPath(app, copy);
    expect(found.problems).toEqual([]); // the forger was thorough
    expect(found.verdict).toBe("unconfirmed");
    expect(found.headline).not.toContain("Unchanged");
    const [signature] = found.parts[0].signatures;
    expect(signature.key).toBe("key in the record only");
    expect(signature.words[1]).toBe(
      `This computer has another key for A. Meyer (${meyer.fingerprint}): ask A. Meyer whether the key was renewed`,
    );
  });

  it("breaks on an edited signature, a copied one, and misses one that is gone", async () => {
    const audit = wholeCopy();
    const signatures = join(bundleOf(audit), "signatures");
    const first = parseSignature(readFileSync(join(signatures, "1.json")))!; // written by Hansight
    const edited = { ...first, signed: { ...first.signed, statement: "I have not read it." } };
    writeFileSync(join(signatures, "1.json"), signatureText(edited));
    rmSync(join(signatures, "2.json"));
    const found = await verifyPath(app, audit);
    expect(found.problems[0]).toContain("The signature of A. Meyer is broken");
    expect(found.problems[0]).toContain("statement was “I have read it.” when it was signed");
    expect(found.problems[1]).toContain("The signature of B. Kone is broken: its file is gone");
  });

  it("sees an entry changed in the store itself", async () => {
    const audit = wholeCopy();
    const store = new DatabaseSync(join(audit, "audit.sqlite"));
    store.exec("DROP TRIGGER record_is_append_only_update");
    store.exec(
      `UPDATE record SET after = replace(after, 'lung', 'bone') WHERE action = 'report.text'`,
    );
    store.close();
    const { verdict, problems } = await verifyPath(app, audit);
    expect(verdict).toBe("changed");
    expect(
      problems.some((words) => /^Record entry \d+: its content differs from its hash$/.test(words)),
    ).toBe(true);
  });

  it("names a revision whose folder is gone, and one that the record does not know", async () => {
    const audit = wholeCopy();
    renameSync(bundleOf(audit), bundleOf(audit, 7));
    const { problems } = await verifyPath(app, audit);
    expect(problems).toContain(
      "Revision 1: The folder of revision 1 is not there, though the record says that it was built",
    );
    expect(problems).toContain("The folder r7 is a revision that the record knows nothing of");
  });

  it("lets a bundle speak for itself where the store is destroyed", async () => {
    const audit = wholeCopy();
    rmSync(join(audit, "audit.sqlite-wal"), { force: true });
    writeFileSync(join(audit, "audit.sqlite"), "this is no store");
    const found = await verifyPath(app, audit);
    expect(found.problems[0]).toMatch(/^The audit’s store cannot be read/);
    expect(found.parts[1]).toMatchObject({ kind: "revision", verdict: "unchanged" });
  });

  it("says so where there is nothing to verify", async () => {
    const empty = join(app.folder, "empty");
    mkdirSync(empty);
    await expect(verifyPath(app, empty)).rejects.toMatchObject({ code: "verify/nothing-here" });
  });
});
