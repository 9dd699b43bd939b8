import type { CommandBody } from "../../shared/domain/command.ts";
import type { ReaderId, TestId } from "../../shared/domain/ids.ts";
import type { RegionTest } from "../../shared/domain/region-test.ts";
import type { Connection } from "./connection.ts";

/** A region test, whole: it is made once and never changed. */
export type TestCell = `test/${TestId}`;
export type TestValue = Omit<RegionTest, "id" | "at">;

export function testEffects(
  {
    test,
    item,
    run,
    region,
    shape,
    fill,
    seed,
    result,
  }: Extract<CommandBody, { kind: "test.run" }>,
  reader: ReaderId | "",
): { cell: TestCell; value: TestValue }[] {
  const readerId = reader === "" ? null : reader;
  const value = { item, run, region, shape, fill, seed, result, readerId };
  return [{ cell: `test/${test}`, value }];
}

export function isTestCell(cell: string): cell is TestCell {
  return cell.startsWith("test/");
}

/** Shows the test that a cell holds; none for null. */
export function showTestCell(
  connection: Connection,
  cell: TestCell,
  no: number,
  test: TestValue | null,
): void {
  const id = cell.slice("test/".length);
  connection.run("DELETE FROM region_test WHERE id = ?", id);
  if (!test) return;
  connection.run(
    `INSERT INTO region_test (id, item, run, region, shape, fill, seed, result, reader, record_no)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    test.item,
    test.run,
    test.region,
    JSON.stringify(test.shape),
    test.fill,
    test.seed,
    JSON.stringify(test.result),
    test.readerId ?? "",
    no,
  );
}
