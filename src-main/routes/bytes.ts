import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { benchMapIds } from "../../shared/domain/bench.ts";
import type { AuditId, ItemNo, RunId } from "../../shared/domain/ids.ts";
import { pictureFile } from "../../shared/domain/picture-path.ts";
import { findFile } from "../archives/files.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { revisionFolders } from "../jobs/bundle-files.ts";
import { checkFile } from "../jobs/file-check.ts";
import { itemEvidence, itemPath } from "../jobs/opened-audit.ts";
import { recordTable } from "../reports/csv/record.ts";
import { csvOf } from "../reports/csv/table.ts";
import type { Deps } from "./deps.ts";
import type { Caller } from "./sessions.ts";

type Match = readonly string[];
type Answer = (match: Match, request: Request, caller: Caller) => Promise<Response | null>;

const largestPicture = 4096;
/** Up to here a picture is one of many on a screen, and covered as thumbnails are; above it somebody looks at it. */
const smallPicture = 512;

/** Everything that is bytes and never JSON, by GET with strong ETags; null for a path that is not one of them. */
export function bytesRoutes(
  deps: Pick<Deps, "audits" | "benches" | "engines" | "previews" | "reportBuilder" | "sights">,
): (request: Request, caller: Caller) => Promise<Response | null> {
  const { audits, benches, engines, previews, reportBuilder, sights } = deps;
  const id = "([\\w-]+)";
  const routes: readonly (readonly [RegExp, Answer])[] = [
    [
      new RegExp(`^/audits/${id}/runs/${id}/columns/([^/]+)$`),
      async ([auditId, run, column], request, caller) => {
        mustBeSignedIn(caller);
        const { store } = await audits.get(auditId as AuditId);
        const sight = sights.blind(store, caller);
        const found = (sight ?? store).column(
          run === "-" ? null : (run as RunId),
          decodeURIComponent(column),
        );
        if (!found) return null;
        // What one reader sees is not another's: two of them may share this browser's cache.
        const by = sight ? `-${sight.readerId ?? ""}` : "";
        const etag = `"${store.facts.id}-${run}-${column}-${found.revision}${by}"`;
        return bytes(request, etag, "application/octet-stream", found.bytes, {
          "x-shape": `${found.kind},${found.length}`,
        });
      },
    ],
    [
      new RegExp(`^/audits/${id}/runs/${id}/maps/(\\d+)$`),
      async ([auditId, run, item], request) => {
        const { store } = await audits.get(auditId as AuditId);
        const map = store.readMap(run as RunId, Number(item) as ItemNo);
        if (!map) return null;
        const { values, height, width } = map;
        const body = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
        return bytes(request, hashTag(body), "application/octet-stream", body, {
          "x-shape": `${height},${width}`,
        });
      },
    ],
    [
      new RegExp(`^/benches/${id}/maps/(\\d+)/([^/]+)$`),
      (match, request) => {
        const [bench, item, column] = match;
        const found = benchMapIds.find((one) => one === decodeURIComponent(column));
        const map = found && benches.find(bench)?.map(Number(item), found);
        if (!map) return Promise.resolve(null);
        const { values, height, width } = map;
        const body = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
        const answer = bytes(request, hashTag(body), "application/octet-stream", body, {
          "x-shape": `${height},${width}`,
        });
        return Promise.resolve(answer);
      },
    ],
    [
      new RegExp(`^/audits/${id}/items/(\\d+)/thumbnail$`),
      async ([auditId, item], request) => {
        const audit = await audits.get(auditId as AuditId);
        const no = Number(item) as ItemNo;
        const known = audit.store.thumbnail(no);
        if (known) return bytes(request, hashTag(known), "image/jpeg", known);
        const cover = audit.store.cover(no);
        const path = itemPath(audit, no);
        const made = await engines.images.call("picture", { path, size: 256, cover });
        // Nothing made under an earlier answer is kept.
        const isSame = JSON.stringify(audit.store.cover(no)) === JSON.stringify(cover);
        if (!audit.store.isReadOnly && isSame)
          audit.store.addThumbnail(no, made.bytes, made.averageGrey);
        return bytes(request, hashTag(made.bytes), "image/jpeg", made.bytes);
      },
    ],
    [
      new RegExp(`^/audits/${id}/items/(\\d+)/image$`),
      async ([auditId, item], request) => {
        const audit = await audits.get(auditId as AuditId);
        const asked = Number(new URL(request.url).searchParams.get("size") ?? 1024);
        const size = Math.min(largestPicture, Math.max(16, Number.isFinite(asked) ? asked : 1024));
        const path = itemPath(audit, Number(item) as ItemNo);
        const { file } = pictureFile(path);
        void checkFile(audit, engines.images, Number(item) as ItemNo).catch(() => null); // the picture does not wait for it
        const { modifiedMs } = await findFile(file).catch(() =>
          fail("image/missing", { file: basename(file) }),
        );
        const cover = size <= smallPicture ? audit.store.cover(Number(item) as ItemNo) : null;
        const coverTag = cover
          ? `-${hashTag(Buffer.from(JSON.stringify(cover))).slice(1, 17)}`
          : "";
        const etag = `"${auditId}-${item}-${size}-${modifiedMs}${coverTag}"`;
        if (request.headers.get("if-none-match") === etag) return unchanged(etag);
        const made = await engines.images.call("picture", { path, size, cover });
        return bytes(request, etag, "image/jpeg", made.bytes);
      },
    ],
    [
      new RegExp(`^/audits/${id}/items/(\\d+)/evidence$`),
      async ([auditId, item], request) => {
        const audit = await audits.get(auditId as AuditId);
        const no = Number(item) as ItemNo;
        const evidence = itemEvidence(audit, no);
        if (!evidence) return null;
        const made = await engines.images.call("evidence", {
          path: itemPath(audit, no),
          evidence,
          size: 1024,
        });
        return bytes(request, hashTag(made.bytes), "image/png", made.bytes);
      },
    ],
    [
      new RegExp(`^/audits/${id}/exports/(.+)$`),
      async ([auditId, name], request, caller) => {
        mustBeSignedIn(caller);
        const audit = await audits.get(auditId as AuditId);
        sights.mustSeeAll(audit.store, caller);
        const wanted = decodeURIComponent(name);
        const file = await reportBuilder.file(audit, wanted);
        if (!file) return null;
        const type = contentTypes[extname(wanted)] ?? "application/octet-stream";
        return bytes(request, `"${file.sha256}"`, type, file.bytes);
      },
    ],
    [
      new RegExp(`^/audits/${id}/record\\.csv$`),
      async ([auditId], request, caller) => {
        mustBeSignedIn(caller);
        const { store } = await audits.get(auditId as AuditId);
        sights.mustSeeAll(store, caller);
        const body = csvOf(recordTable, store.allRecord());
        return bytes(request, hashTag(body), contentTypes[".csv"], body);
      },
    ],
    [
      new RegExp(`^/audits/${id}/revisions/(\\d+)/(report|signatures)\\.pdf$`),
      async ([auditId, no, name], request, caller) => {
        mustBeSignedIn(caller);
        const audit = await audits.get(auditId as AuditId);
        sights.mustSeeAll(audit.store, caller);
        const { whole } = revisionFolders(audit.folder, Number(no));
        const body = await readFile(join(whole, `${name}.pdf`)).catch(() => null);
        return body && bytes(request, hashTag(body), contentTypes[".pdf"], body);
      },
    ],
    [
      new RegExp(`^/audits/${id}/report/pages/(\\d+)$`),
      async ([auditId, page], request, caller) => {
        mustBeSignedIn(caller);
        const audit = await audits.get(auditId as AuditId);
        sights.mustSeeAll(audit.store, caller);
        const made = await reportBuilder.page(audit, Number(page));
        return made
          ? bytes(request, hashTag(made.bytes), made.type, made.bytes, pictureOnly)
          : null;
      },
    ],
    [
      new RegExp(`^/intake/previews/${id}$`),
      async ([token], request) => {
        const made = await previews.get(token);
        return made ? bytes(request, hashTag(made.bytes), made.type, made.bytes) : null;
      },
    ],
  ];

  return async (request, caller) => {
    const { pathname } = new URL(request.url);
    for (const [pattern, answer] of routes) {
      const match = pattern.exec(pathname);
      if (match)
        return (
          (await answer(match.slice(1), request, caller)) ?? new Response(null, { status: 404 })
        );
    }
    return null;
  };
}

/** What people said goes to those alone who are signed in; pictures and maps are nobody's words. */
function mustBeSignedIn(caller: Caller): void {
  if (caller.kind === "nobody") fail("people/signed-out", {});
  if (caller.kind === "locked") fail("people/locked", {});
}

/** An SVG from an audit made elsewhere is a picture, and runs nothing if somebody opens it as a page. */
const pictureOnly = {
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
};

const contentTypes: Readonly<Record<string, string>> = {
  ".pdf": "application/pdf",
  ".csv": "text/csv; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".jpg": "image/jpeg",
};

function hashTag(body: Uint8Array): string {
  return `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
}

function unchanged(etag: string): Response {
  return new Response(null, { status: 304, headers: { etag } });
}

/** Bytes with a strong tag; private to this reader, checked again each time. */
function bytes(
  request: Request,
  etag: string,
  type: string,
  body: Uint8Array,
  more: Record<string, string> = {},
): Response {
  if (request.headers.get("if-none-match") === etag) return unchanged(etag);
  return new Response(new Uint8Array(body), {
    headers: {
      "content-type": type,
      "content-length": String(body.byteLength),
      "cache-control": "private, no-cache",
      "x-content-type-options": "nosniff",
      etag,
      ...more,
    },
  });
}
