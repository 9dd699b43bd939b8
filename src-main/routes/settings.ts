import { statfsSync } from "node:fs";
import { arch, cpus, platform, release, totalmem } from "node:os";
import { implement } from "@orpc/server";
import { settings as contract, type DiagnosticLine } from "../../shared/contract/settings.ts";
import { deviceSetting, type DeviceSetting } from "../../shared/domain/device.ts";
import { isEnded } from "../../shared/domain/job.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { bundledLicences } from "../jobs/bundled-licences.ts";
import { packageVersion } from "../jobs/package-version.ts";
import { dataFolder } from "../store/data-folders.ts";
import { readHostSettings, writeHostSettings } from "../store/host-settings.ts";
import type { Deps } from "./deps.ts";
import type { CallContext } from "./sessions.ts";

/** The device that the start of the app named by `HANSIGHT_DEVICE`; null where it named none. */
export function namedDevice(environment: NodeJS.ProcessEnv = process.env): DeviceSetting | null {
  const named = environment["HANSIGHT_DEVICE"];
  return named ? deviceSetting(named) : null;
}

/** Settings of this computer, and what the host says about itself. */
export function settingsRoutes(deps: Pick<Deps, "audits" | "engines">) {
  const { audits, engines } = deps;
  const route = implement(contract).$context<CallContext>();
  return {
    get: route.get.handler(() => ({ settings: readHostSettings(), named: namedDevice() })),
    change: route.change.handler(async ({ input }) => {
      const before = readHostSettings();
      const after = { ...before, ...input };
      writeHostSettings(after);
      const { device } = after;
      // a process that is not there yet is told when it starts
      if (device !== before.device && namedDevice() === null && engines.maps.isStarted)
        await engines.maps.call("useDevice", { device });
      return after;
    }),
    testDevices: route.testDevices.handler(async () => [
      ...(await engines.maps.call("testDevices", {})),
    ]),
    thumbnails: route.thumbnails.handler(async ({ input: { auditId } }) => {
      const { store } = await audits.get(auditId);
      return { bytes: store.thumbnailBytes() };
    }),
    clearThumbnails: route.clearThumbnails.handler(async ({ input: { auditId } }) => {
      const { store } = await audits.get(auditId);
      return { bytes: store.clearThumbnails() };
    }),
    copies: route.copies.handler(async ({ input: { auditId } }) => {
      const { store } = await audits.get(auditId);
      return { copies: store.copies() };
    }),
    copyNow: route.copyNow.handler(async ({ input: { auditId } }) => {
      const { store } = await audits.get(auditId);
      store.mustBeWritable();
      await store.copy();
      return {};
    }),
    about: route.about.handler(() => ({
      version: packageVersion("package.json"),
      licences: bundledLicences(),
    })),
    diagnostics: route.diagnostics.handler(async () => diagnostics(deps)),
  };
}

/** Versions, machine, settings and counts: nothing that names a person, an audit, a folder or a picture. */
async function diagnostics({
  audits,
  engines,
}: Pick<Deps, "audits" | "engines">): Promise<DiagnosticLine[]> {
  const settings = Object.entries(readHostSettings());
  const { bavail, bsize } = statfsSync(dataFolder());
  const open = audits.list();
  const jobs = open.flatMap((audit) => audit.jobs.list());
  const tested = await engines.maps.call("testDevices", {}).catch(() => []);
  return [
    { name: "hansight", value: packageVersion("package.json") },
    { name: "node", value: process.versions.node },
    { name: "electron", value: process.versions["electron"] ?? "-" },
    { name: "sqlite", value: process.versions["sqlite"] ?? "-" },
    { name: "system", value: `${platform()} ${release()} ${arch()}` },
    { name: "processor", value: `${cpus().length} × ${cpus()[0]?.model.trim() ?? "-"}` },
    { name: "memory", value: `${gigabytes(totalmem())} GB` },
    { name: "free-on-disk", value: `${gigabytes(bavail * bsize)} GB` },
    ...tested.map(({ device, problem }) => ({
      name: `device.${device}`,
      value: withoutPaths(problem ?? message("settings.speed.works")),
    })),
    ...settings.map(([key, value]) => ({ name: `setting.${key}`, value: String(value) })),
    { name: "device-named-at-start", value: namedDevice() ?? "-" },
    { name: "engine-restarts", value: String(Math.max(0, engines.maps.restarts)) },
    { name: "audits.open", value: String(open.length) },
    { name: "jobs.under-way", value: String(jobs.filter(({ state }) => !isEnded(state)).length) },
    { name: "jobs.failed", value: String(jobs.filter(({ state }) => state === "failed").length) },
  ];
}

/** Up to the first thing that may be a path: what a runtime says names folders of this computer. */
export function withoutPaths(words: string): string {
  const [, before, rest] = /^([^\\/]*?)\S*[\\/](.*)$/s.exec(words) ?? [];
  return rest === undefined ? words : `${before ?? ""}…`;
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
