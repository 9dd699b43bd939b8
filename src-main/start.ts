import { existsSync } from "node:fs";
import { join } from "node:path";
import { createClient, type Client } from "../shared/contract/client.ts";
import type { AuditId } from "../shared/domain/ids.ts";
import { isEnded } from "../shared/domain/job.ts";
import { createApp, type App } from "./app.ts";
import { createPlaces, type Places } from "./datasets/places.ts";
import { defaultRoots } from "./datasets/roots.ts";
import { EngineClient, forkNode, type ForkEngine } from "./engine/client.ts";
import { Benches } from "./jobs/benches.ts";
import { OpenedAudits } from "./jobs/opened-audits.ts";
import { PreviewPictures } from "./jobs/preview-pictures.ts";
import { ReportBuilder } from "./jobs/report-builder.ts";
import { Signing } from "./jobs/signing.ts";
import { dataFolder, defaultAuditFolder } from "./store/data-folders.ts";
import { readHostSettings } from "./store/host-settings.ts";
import { ReaderKeys } from "./keys/reader-keys.ts";
import type { Deps } from "./routes/deps.ts";
import { namedDevice } from "./routes/settings.ts";
import { Sessions } from "./routes/sessions.ts";
import { Sights } from "./routes/sights.ts";
import { openAudit } from "./store/open-audit.ts";
import { openLibrary } from "./store/library.ts";

export { dataFolder };
export type { ForkEngine };

export interface StartOptions {
  /** How engine processes are made; default: Node's own. */
  readonly fork?: ForkEngine;
  /** Folders the chooser may open besides the home folder and mounted media. */
  readonly allow?: readonly string[];
  /** Audit folder to open first. */
  readonly startAudit?: string | undefined;
}

/** The running backend, as hosts, the command line and tests hold it. */
export interface Hansight {
  /** For this process itself: it may do whatever it is told to. */
  readonly app: App;
  /** For windows: each signs somebody in, and may do what that person may. */
  readonly windowApp: App;
  /** The typed client over `app`, in process. */
  readonly client: Client;
  readonly places: Places;
  /** Folder of an audit that is open. */
  folderOf(auditId: AuditId): string;
  /** Whether any job is under way. */
  isActive(): boolean;
  onActivity(listener: (isActive: boolean) => void): void;
  close(): Promise<void>;
}

const activityEveryMs = 1000;

/** The one place that builds the backend: opens the library, starts the engines' clients, mounts the app. */
export async function start(options: StartOptions): Promise<Hansight> {
  const library = openLibrary();
  const fork = options.fork ?? forkNode;
  const engines = {
    maps: new EngineClient("maps", fork, () => {
      const { device } = readHostSettings();
      return namedDevice() === null ? { name: "useDevice", input: { device } } : null;
    }),
    images: new EngineClient("images", fork),
  };
  const audits = new OpenedAudits(library, engines);
  const places = createPlaces({ roots: () => defaultRoots(options.allow) });
  const reportBuilder = new ReportBuilder(engines);
  const keys = new ReaderKeys(join(dataFolder(), "keys"));
  let startAudit: AuditId | null = null;
  const sessions = new Sessions();
  const sights = new Sights();
  const deps: Deps = {
    library,
    keys,
    sessions,
    sights,
    audits,
    places,
    engines,
    benches: new Benches(),
    previews: new PreviewPictures(engines.images),
    reportBuilder,
    signing: new Signing({ builder: reportBuilder, keys }),
    windowFolder: windowFolder(),
    defaultFolder: defaultAuditFolder(),
    startAudit: () => startAudit,
  };
  const app = createApp(deps, { kind: "host" });
  const isActive = () =>
    audits
      .list()
      .some(({ jobs }) => jobs.list().some(({ state }) => !isEnded(state) && state !== "paused"));
  let activity: NodeJS.Timeout | undefined;

  const hansight: Hansight = {
    app,
    windowApp: createApp(deps, { kind: "nobody" }),
    client: createClient("http://hansight.localhost", app),
    places,
    folderOf: (auditId) => {
      const found = audits.list().find(({ store }) => store.facts.id === auditId);
      if (!found) throw new RangeError(`audit ${auditId} is not open`);
      return found.folder;
    },
    isActive,
    onActivity: (listener) => {
      activity = setInterval(() => listener(isActive()), activityEveryMs);
      activity.unref();
    },
    close: async () => {
      clearInterval(activity);
      sights.close();
      await audits.close();
      reportBuilder.close();
      engines.maps.close();
      engines.images.close();
      library.close();
    },
  };
  try {
    if (options.startAudit !== undefined) {
      const { store } = await audits.open(options.startAudit);
      startAudit = store.facts.id;
    }
  } catch (cause) {
    await hansight.close();
    throw cause;
  }
  return hansight;
}

/** The built window: beside the bundled main file when packed, in `out` in a checkout. */
function windowFolder(): string {
  const isSource = import.meta.url.endsWith(".ts");
  return join(import.meta.dirname, isSource ? "../out/renderer" : "../renderer");
}

/**
 * What lies in a folder that is to be written anew: nothing, an audit without a judgement, or one that people worked in.
 *
 * @throws AppError `audit/in-use` while another process has it open
 */
export function auditState(folder: string): "absent" | "free" | "judged" {
  if (!existsSync(folder)) return "absent";
  const store = openAudit(folder);
  try {
    store.mustBeWritable();
    return store.judgedCount() > 0 ? "judged" : "free";
  } finally {
    store.closeNow();
  }
}
