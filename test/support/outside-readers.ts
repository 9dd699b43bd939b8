import { execFileSync, spawnSync } from "node:child_process";

/** Independent DICOM programs that tests ask where they are installed. */
export type OutsideReader = "dcmdump" | "dsrdump" | "dciodvfy" | "pydicom";

export function hasReader(reader: OutsideReader): boolean {
  if (reader !== "pydicom") return spawnSync(reader, ["--version"]).error === undefined;
  return spawnSync("python3", ["-c", "import pydicom"], { env: systemPath }).status === 0;
}

/** Distributions keep their modules under their own interpreter. */
const systemPath = { ...process.env, PATH: `/usr/bin:${process.env["PATH"] ?? ""}` };

/** All that a program printed. */
export function askReader(program: Exclude<OutsideReader, "pydicom">, ...given: string[]): string {
  const { stdout, stderr } = spawnSync(program, given, { encoding: "utf8", maxBuffer: 1 << 27 });
  return `${stdout}${stderr}`;
}

/** What a Python script with pydicom prints, as JSON; the script finds the file's path in `sys.argv[1]`. */
export function askPydicom(script: string, path: string): unknown {
  const { stdout, stderr, status } = spawnSync("python3", ["-c", script, path], {
    encoding: "utf8",
    env: systemPath,
    maxBuffer: 1 << 27,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/**
 * Lines of dciodvfy that name an error, and those that warn. It does not inflate: a deflated file is first written
 * anew by dcmtk.
 */
export function verdictOf(
  path: string,
  isDeflated = false,
): { readonly errors: string[]; readonly warnings: string[] } {
  const plain = isDeflated ? `${path}.plain` : path;
  if (isDeflated) execFileSync("dcmconv", ["+te", path, plain]);
  const lines = askReader("dciodvfy", plain).split("\n");
  return {
    errors: lines.filter((line) => line.startsWith("Error")),
    warnings: lines.filter((line) => line.startsWith("Warning")),
  };
}
