import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { expect, it, onTestFinished } from "vitest";
import type { AuditId } from "../../shared/domain/ids.ts";
import { ann, command, temporaryFolder } from "../../test/support/sample-audit.ts";
import { statedIdentity } from "../../shared/domain/identity.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { createAudit } from "./open-audit.ts";

const headers = [
  { burnedIn: "YES", modality: "CR" },
  { burnedIn: "NO", modality: "US" },
  { burnedIn: null, modality: "US" },
  { burnedIn: null, modality: "CR" },
  { burnedIn: null, modality: null },
];

function medicalAudit(medical = true) {
  const folder = join(temporaryFolder(), "a.hansight");
  mkdirSync(folder, { recursive: true });
  const store = createAudit(join(folder, "one.hansight"), {
    id: randomUUID() as AuditId,
    name: "one",
    classes: ["a"],
    sources: { images: "/images", labels: null, classes: null, evidence: null },
    notes: [],
    texts: {},
    medical,
  });
  store.addItems(
    headers.map(({ burnedIn, modality }, no) => ({
      path: `${no}.dcm`,
      bytes: 1,
      modifiedMs: 1,
      label: "a",
      facets: {
        ...(burnedIn ? { [message("dicom.facet.burned-in")]: burnedIn } : {}),
        ...(modality ? { [message("dicom.facet.modality")]: modality } : {}),
      },
    })) as unknown as Parameters<typeof store.addItems>[0], // what a header-less item lacks is optional here
  );
  store.addReader({ id: ann, name: "Ann", initials: "A" });
  onTestFinished(() => store.close());
  return { store, folder: join(folder, "one.hansight") };
}

it("states in SQL what the rule states, and an answer until it is undone", () => {
  const { store } = medicalAudit();
  headers.forEach((header, no) =>
    expect(store.identityState(no)).toBe(statedIdentity({ ...header, hasText: false })),
  );
  const box = { x: 0, y: 0, w: 0.5, h: 0.1 };
  const { recordNo } = store.apply(command({ kind: "identity.mask", items: [0, 3], boxes: [box] }));
  expect(store.identityCounts()).toMatchObject({ masked: 2, yes: 1, unknown: 1, no: 1 });
  expect(store.cover(3)).toEqual({ boxes: [box], isGuess: false });
  store.apply(command({ kind: "undo", recordNo }));
  expect(store.cover(3)).toEqual({ boxes: [], isGuess: true });
});

it("covers by guess what a clinic's header came with, and asks about a plain picture without covering it", () => {
  const { store } = medicalAudit();
  expect(store.cover(3)).toEqual({ boxes: [], isGuess: true });
  expect(store.identityState(4)).toBe("unknown");
  expect(store.cover(4)).toBeNull();
  store.apply(command({ kind: "identity.leaveOut", items: [4] }));
  expect(store.cover(4)).toEqual({ boxes: [], isGuess: true });
});

it("takes every thumbnail from the disk when an answer changes", () => {
  const { store, folder } = medicalAudit();
  store.addThumbnail(0, Buffer.from("planted-name-in-a-picture"), 9);
  const pack = join(folder, "thumbs", "256.pack");
  expect(readFileSync(pack).includes("planted-name")).toBe(true);
  store.apply(command({ kind: "identity.leaveOut", items: [0] }));
  expect(store.thumbnail(0)).toBeNull();
  expect(() => readFileSync(pack)).toThrow("ENOENT");
});

it("asks nobody in an audit that is not medical", () => {
  const { store } = medicalAudit(false);
  expect(store.identityState(0)).toBeNull();
  expect(store.cover(0)).toBeNull();
});
