import type { ItemNo, ReaderId, RegionId, RunId, TestId } from "../../shared/domain/ids.ts";
import type { FillId, MeasuredTest, RegionTest } from "../../shared/domain/region-test.ts";
import type { Shape } from "../../shared/domain/review.ts";
import type { Connection } from "./connection.ts";

interface TestRow {
  id: TestId;
  item: number;
  run: RunId;
  region: RegionId | null;
  shape: string;
  fill: FillId;
  seed: number;
  result: string;
  reader: ReaderId | "";
  record_no: number;
  at: string;
}

export interface StoredTest extends RegionTest {
  readonly recordNo: number;
}

const select = `SELECT region_test.*, record.at FROM region_test JOIN record ON record.no = region_test.record_no`;

/** Region tests that stand. */
export class RegionTests {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Newest first. */
  of(item: ItemNo): StoredTest[] {
    return this.#connection
      .all<TestRow>(`${select} WHERE region_test.item = ? ORDER BY record_no DESC`, item)
      .map(toTest);
  }

  byId(id: TestId): StoredTest | null {
    const row = this.#connection.get<TestRow>(`${select} WHERE region_test.id = ?`, id);
    return row ? toTest(row) : null;
  }

  *all(): Generator<StoredTest> {
    const rows = this.#connection.iterate<TestRow>(
      `${select} ORDER BY region_test.item, record_no`,
    );
    for (const row of rows) yield toTest(row);
  }
}

function toTest({ reader, record_no: recordNo, shape, result, ...row }: TestRow): StoredTest {
  return {
    ...row,
    shape: JSON.parse(shape) as Shape, // written by showTestCell, as is the result
    result: JSON.parse(result) as MeasuredTest,
    readerId: reader === "" ? null : reader,
    recordNo,
  };
}
