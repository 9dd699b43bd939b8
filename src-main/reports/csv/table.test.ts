import { describe, expect, it } from "vitest";
import { csvOf, type Cell } from "./table.ts";

const rows = (...cells: Cell[][]) =>
  new TextDecoder().decode(csvOf({ columns: ["a", "b"], cells: (row: Cell[]) => row }, cells));

describe("a CSV table", () => {
  it("has a header and CRLF after every line, as RFC 4180 has it", () => {
    expect(rows(["x", 1], [null, true])).toBe("a,b\r\nx,1\r\n,true\r\n");
    expect(rows()).toBe("a,b\r\n");
  });

  it("quotes commas, quotes and line ends, and doubles quotes", () => {
    expect(rows(['say "no", twice', "two\nlines"])).toBe(
      'a,b\r\n"say ""no"", twice","two\nlines"\r\n',
    );
  });

  it("guards text that a spreadsheet would run, and leaves negative numbers numbers", () => {
    expect(rows(["=1+1", "+1"], ["-1", "@sum"], [-1.5, "\tx"])).toBe(
      "a,b\r\n'=1+1,'+1\r\n'-1,'@sum\r\n-1.5,'\tx\r\n",
    );
    expect(rows(['=HYPERLINK("x")', "a=b"])).toBe('a,b\r\n"\'=HYPERLINK(""x"")",a=b\r\n');
  });

  it("writes numbers with a point, seven digits and no exponent", () => {
    expect(rows([0.1 + 0.2, Math.fround(0.96)], [1e-7, 123456789])).toBe(
      "a,b\r\n0.3,0.96\r\n0.0000001,123456789\r\n",
    );
    expect(rows([NaN, Infinity])).toBe("a,b\r\n,\r\n");
  });

  it("keeps letters of every script", () => {
    expect(rows(["Θώραξ", "胸部, Лёгкое"])).toBe('a,b\r\nΘώραξ,"胸部, Лёгкое"\r\n');
  });
});
