import { closeSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestApp, type TestApp } from "../../test/support/test-app.ts";
import { openWindow } from "../../test/support/windows.ts";
import { signedInReader } from "./signed-in-reader.ts";

const secret = "four words in a row";
let app: TestApp;

beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.remove());

/** What a shell's `3<file` gives. */
async function withSecret<T>(text: string, work: (descriptor: number) => Promise<T>): Promise<T> {
  const file = join(app.folder, "secret");
  writeFileSync(file, text);
  const descriptor = openSync(file, "r");
  try {
    return await work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

it("works as the process itself before anybody has worked here", async () => {
  expect(await signedInReader(app, {})).toEqual({ person: null, client: app.client });
});

it("signs in by name, by id, and by who was here last, with the passphrase of a file descriptor", async () => {
  const { people } = openWindow(app);
  const create = { initials: "X", role: "reviewer" } as const;
  const anna = await people.create({ ...create, name: "Anna Meyer", passphrase: secret });
  const ben = await people.create({ ...create, name: "Ben", passphrase: null });
  for (const as of ["anna meyer", anna.id])
    await withSecret(`${secret}\n`, async (passphraseFd) => {
      const { person, client } = await signedInReader(app, { as, passphraseFd });
      expect(person).toEqual(anna);
      expect(await client.people.session()).toEqual({ person: anna, isLocked: false });
    });
  expect((await signedInReader(app, { as: "Ben" })).person).toEqual(ben);
  expect((await signedInReader(app, {})).person).toEqual(ben);
});

it("refuses a wrong passphrase, none, and a stranger", async () => {
  const wrong = withSecret("four words", (passphraseFd) =>
    signedInReader(app, { as: "Anna Meyer", passphraseFd }),
  );
  await expect(wrong).rejects.toMatchObject({ code: "keys/wrong-passphrase" });
  await expect(signedInReader(app, { as: "Anna Meyer" })).rejects.toMatchObject({
    code: "people/passphrase-needed",
  });
  await expect(signedInReader(app, { as: "Cara" })).rejects.toMatchObject({
    code: "people/unknown",
  });
});
