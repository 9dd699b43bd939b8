import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import { assignClasses, findClasses, type ClassHints } from "./classes.ts";

const none: ClassHints = {
  file: null,
  model: null,
  modelClasses: null,
  outputs: null,
  labels: [],
  declared: null,
};
const thousand = Array.from({ length: 1000 }, (_, no) => `name ${no}`);

describe("findClasses", () => {
  it("searches the given file, the model, the files beside it, then the labels", async () => {
    const folder = await temporaryFolder({
      "given.txt": "g0\ng1\n",
      "net.onnx": "",
      "net.classes.txt": "b0\nb1\n",
      "labels.txt": "l0\nl1\n",
    });
    const all: ClassHints = {
      file: join(folder, "given.txt"),
      model: join(folder, "net.onnx"),
      modelClasses: ["m0", "m1"],
      outputs: 2,
      labels: ["d1", "d0", "d1"],
      declared: null,
    };
    const steps: [Partial<ClassHints>, string[], string][] = [
      [{}, ["g0", "g1"], "file"],
      [{ file: null }, ["m0", "m1"], "model"],
      [{ file: null, modelClasses: null }, ["b0", "b1"], "beside-model"],
      [{ file: null, modelClasses: null, model: null }, ["d0", "d1"], "labels"],
    ];
    for (const [change, names, kind] of steps) {
      const found = await findClasses({ ...all, ...change });
      expect([found.names, found.source.kind]).toEqual([names, kind]);
    }
  });

  it("passes over lists of the wrong length and says so", async () => {
    const folder = await temporaryFolder({
      "net.onnx": "",
      "classes.txt": "a\nb\nc\n",
      "labels.txt": "l0\nl1\n",
    });
    const model = join(folder, "net.onnx");
    const found = await findClasses({ ...none, model, modelClasses: ["m"], outputs: 2 });
    expect(found.names).toEqual(["l0", "l1"]);
    expect(found.notes).toContain(
      "classes.txt was passed over: it names 3, the model has 2 outputs",
    );
    expect(found.notes.join()).toContain("The list in the model file was passed over");
  });

  it("refuses a given file of the wrong length with both numbers", async () => {
    const folder = await temporaryFolder({ "c.txt": "a\nb\nc\n" });
    const found = findClasses({ ...none, file: join(folder, "c.txt"), outputs: 2 });
    await expect(found).rejects.toMatchObject({
      code: "classes/count",
      details: { names: 3, outputs: 2 },
    });
  });

  it("adds or drops the background of 1001 against 1000", async () => {
    const added = await findClasses({ ...none, modelClasses: thousand, outputs: 1001 });
    expect([added.names[0], added.names[1], added.names.length]).toEqual([
      "background",
      "name 0",
      1001,
    ]);
    const dropped = await findClasses({
      ...none,
      modelClasses: ["background", ...thousand],
      outputs: 1000,
    });
    expect(dropped.names).toEqual(thousand);
    expect(dropped.notes.join()).toContain("1001 names for 1000 outputs");
  });

  it("refuses to guess where the labels are fewer than the outputs, and numbers outputs without labels", async () => {
    const few = findClasses({ ...none, outputs: 1000, labels: ["cat", "dog"] });
    await expect(few).rejects.toMatchObject({ code: "classes/not-found" });
    const numbered = await findClasses({ ...none, outputs: 3 });
    expect(numbered.names).toEqual(["0", "1", "2"]);
    const digits = await findClasses({ ...none, outputs: 10, labels: ["7", "0"] });
    expect(digits.names).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
  });

  it.each([
    ["c.txt", "cat\r\ndog\r\n\r\n", ["cat", "dog"]],
    ["c.json", '["cat", "dog"]', ["cat", "dog"]],
    ["c.json", '{"1": "dog", "0": "cat"}', ["cat", "dog"]],
    ["c.json", '{"0": ["n02123045", "cat"], "1": ["n02084071", "dog"]}', ["cat", "dog"]],
    ["c.yaml", "names:\n  0: cat\n  1: dog\n", ["cat", "dog"]],
    ["c.yaml", "nc: 2\nnames: [cat, dog]\n", ["cat", "dog"]],
  ])("reads %s: %j", async (name, text, names) => {
    const folder = await temporaryFolder({ [name]: text });
    expect((await findClasses({ ...none, file: join(folder, name) })).names).toEqual(names);
  });

  it.each([
    ["c.txt", "", "it is empty"],
    ["c.txt", "cat\n\ndog\n", "line 2 is empty"],
    ["c.json", '{"0": "cat", "2": "dog"}', "without gaps"],
    ["c.json", "{", "it is not JSON"],
    ["gone.txt", null, "it is not there"],
  ])("says why it cannot read %s: %j", async (name, text, why) => {
    const folder = await temporaryFolder(text === null ? {} : { [name]: text });
    const refused = await findClasses({ ...none, file: join(folder, name) }).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ code: "classes/unreadable" });
    expect(String(refused)).toContain(why);
  });
});

describe("assignClasses", () => {
  const numbersOf = (classes: readonly string[], labels: readonly string[]) =>
    assignClasses(
      classes,
      labels.map((label) => [label]),
    ).items.map((item) => item.classNo);

  it("knows a label in another spelling and by the first of several names", () => {
    const classes = ["tench, Tinca tinca", "golden retriever", "Egyptian cat"];
    expect(numbersOf(classes, ["Golden_Retriever", "tench", "egyptian-cat", "wolf"])).toEqual([
      1,
      0,
      2,
      null,
    ]);
    expect(assignClasses(classes, [["tench"]]).items[0]?.names).toEqual(["tench, Tinca tinca"]);
  });

  it("does not choose between two classes of one name", () => {
    expect(numbersOf(["crane", "maillot", "crane"], ["crane", "maillot"])).toEqual([null, 1]);
  });

  it("reads numbers as outputs only where every label is one", () => {
    expect(numbersOf(["cat", "dog"], ["1", "0"])).toEqual([1, 0]);
    expect(numbersOf(["cat", "dog"], ["1", "cat"])).toEqual([null, 0]);
    expect(numbersOf(["cat", "dog"], ["1", "2"])).toEqual([null, null]);
  });

  it("names labels that are no class, the most frequent first", () => {
    const { notes } = assignClasses(["cat"], [["dog"], ["wolf"], ["wolf"], ["cat"]]);
    expect(notes).toEqual(['2 labels are not among the model\'s classes: "wolf" ×2, "dog" ×1']);
  });
});
