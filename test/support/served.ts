import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const main = join(root, "src-main/cli/main.ts");
const demo = join(root, "assets/demo");
/** Made once by `test/e2e/global-setup.ts`; journeys work on copies. */
const prepared = join(root, "test-results/prepared");
const preparedAudit = join(prepared, "demo.hansight");

/** The app served for one journey, with a home folder and an audit of its own. */
export interface Served {
  /** Address with the token, for the first visit. */
  readonly address: string;
  readonly folder: string;
  readonly audit: string | null;
  /** Ends the host as a power cut would. */
  kill(): Promise<void>;
  /** Ends it, and removes its folder. */
  stop(): Promise<void>;
  /** Serves the same home and audit again, after `kill`. */
  again(): Promise<Served>;
  /** Serves a copy of home and `audit` (below the folder), after `kill`: another computer. */
  copied(audit: string): Promise<Served>;
}

/** Audits the demo set by the command line, once for all journeys. */
export function prepareDemoAudit(): void {
  if (existsSync(preparedAudit)) return;
  const part = `${prepared}.part`; // renamed when whole: an interrupted one is never used
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  const home = mkdtempSync(join(tmpdir(), "hansight-home-"));
  const run = spawnSync(
    process.execPath,
    [
      main,
      "audit",
      join(demo, "images"),
      ...["--model", join(demo, "chest-resnet.onnx"), "--labels", join(demo, "labels.csv")],
      ...["--classes", join(demo, "classes.txt"), "--evidence", join(demo, "evidence.csv")],
      ...["--preset", "grey-imagenet", "--resample", "area", "--out", join(part, "demo.hansight")],
    ],
    {
      cwd: root,
      env: { ...process.env, HANSIGHT_HOME: home },
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  rmSync(home, { recursive: true, force: true });
  if (run.status !== 0) throw new Error(`the demo audit ended with ${run.status}`);
  rmSync(prepared, { recursive: true, force: true });
  renameSync(part, prepared);
}

/** A copy of the prepared audit in a folder of its own. */
export function copyDemoAudit(): { readonly folder: string; readonly audit: string } {
  const folder = mkdtempSync(join(tmpdir(), "hansight-journey-"));
  const audit = join(folder, "demo.hansight");
  cpSync(preparedAudit, audit, { recursive: true });
  return { folder, audit };
}

/** Serves the app with the demo audit open, or with an empty library. */
export async function serveHansight(options: {
  readonly withDemo: boolean;
  readonly allow?: readonly string[];
}): Promise<Served> {
  const { folder, audit } = options.withDemo
    ? copyDemoAudit()
    : { folder: mkdtempSync(join(tmpdir(), "hansight-journey-")), audit: null };
  return serveFolder(folder, audit, options.allow ?? [demo]);
}

async function serveFolder(
  folder: string,
  audit: string | null,
  allow: readonly string[],
): Promise<Served> {
  const args = [main, "serve", ...(audit ? [audit] : []), "--json", "--allow", folder, ...allow];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, HANSIGHT_HOME: join(folder, "home"), HOME: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const address = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const found = /"address": "([^"]+)"/.exec(text);
      if (found) resolve(found[1]);
    });
    void exited.then(() => reject(new Error(`the host ended before it served: ${text}`)));
  });
  const kill = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  return {
    address,
    folder,
    audit,
    kill,
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
    again: () => serveFolder(folder, audit, allow),
    copied: (below) => {
      const other = mkdtempSync(join(tmpdir(), "hansight-journey-"));
      cpSync(folder, other, { recursive: true });
      return serveFolder(other, join(other, below), allow);
    },
  };
}
