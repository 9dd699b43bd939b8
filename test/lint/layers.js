/**
 * Who may import whom: one table, read from the file's folder. Longest prefix wins; what is not listed is closed.
 * Outside packages enter by one door each.
 */
const S = ["shared"];
const E = "src-main/engine/";

export const layers = {
  "shared/domain": [
    "shared/domain",
    "shared/geometry",
    "shared/errors",
    "shared/messages",
    "shared/heatmap",
    "shared/statistics",
  ],
  "shared/geometry": [
    "shared/domain",
    "shared/geometry",
    "shared/errors",
    "shared/messages",
    "shared/heatmap",
    "shared/statistics",
  ],
  "shared/errors": [
    "shared/domain",
    "shared/geometry",
    "shared/errors",
    "shared/messages",
    "shared/heatmap",
    "shared/statistics",
  ],
  "shared/messages": [
    "shared/domain",
    "shared/geometry",
    "shared/errors",
    "shared/messages",
    "shared/heatmap",
    "shared/statistics",
  ],
  "shared/heatmap": [
    "shared/domain",
    "shared/geometry",
    "shared/errors",
    "shared/messages",
    "shared/heatmap",
    "shared/statistics",
  ],
  "shared/statistics": [
    "shared/domain",
    "shared/geometry",
    "shared/errors",
    "shared/messages",
    "shared/heatmap",
    "shared/statistics",
  ],
  "shared/contract": S,
  [E + "kernels"]: [E + "kernels"],
  [E + "onnx"]: [...S, E + "onnx", E + "kernels"],
  [E + "cam"]: [...S, E + "cam", E + "kernels"],
  [E + "sanity"]: [...S, E + "sanity", E + "cam", E + "kernels"],
  [E + "metrics"]: [...S, E + "metrics", E + "kernels"],
  [E + "segmentation"]: [...S, E + "segmentation", E + "kernels"],
  [E + "images"]: [...S, "src-main/archives", "src-main/dicom", E + "images", E + "kernels"],
  [E + "evaluation"]: [...S, E + "evaluation", E + "kernels"],
  [E + "artefacts"]: [...S, E + "artefacts", E + "kernels"],
  [E + "passes"]: [...S, E + "passes", E + "onnx"],
  [E + "gradients"]: [...S, E + "gradients", E + "onnx"],
  [E + "relevance"]: [...S, E + "relevance", E + "gradients", E + "onnx"],
  [E + "export"]: [...S, E + "export", E + "onnx", E + "passes", E + "gradients", E + "compile"],
  [E + "session"]: [...S, E + "session", E + "cam", E + "onnx", E + "compile"],
  // Of `session` what knows no runtime: seeds, self-check, rows, closed forms.
  [E + "tensorflow"]: [
    ...S,
    E + "tensorflow",
    E + "cam",
    E + "onnx",
    E + "compile",
    E + "outline.ts",
    E + "session/seed.ts",
    E + "session/self-check.ts",
    E + "session/feed.ts",
    E + "session/crossing.ts",
    E + "session/mask-tokens.ts",
    E + "session/tap-knowledge.ts",
    E + "session/closed-form.ts",
  ],
  [E + "compile"]: [
    ...S,
    E + "compile",
    E + "passes",
    E + "gradients",
    E + "relevance",
    E + "onnx",
  ],
  [E + "protocol.ts"]: [...S, E + "protocol.ts", E + "client.ts"],
  [E + "client.ts"]: [...S, E + "protocol.ts", E + "client.ts"],
  "src-main/engine": [...S, "src-main/engine"],
  "src-main/store": [...S, "src-main/store"],
  "src-main/suspicion": [...S, "src-main/suspicion"],
  "src-main/dicom": [...S, "src-main/dicom"],
  "src-main/keys": [...S, "src-main/keys"],
  "src-main/archives": [...S, "src-main/archives"],
  "src-main/datasets": [...S, "src-main/archives", "src-main/dicom", "src-main/datasets"],
  "src-main/reports": [...S, "src-main/dicom", "src-main/reports"],
  "src-main/jobs": [
    ...S,
    "src-main/archives",
    "src-main/jobs",
    "src-main/store",
    "src-main/datasets",
    "src-main/suspicion",
    "src-main/reports",
    "src-main/keys", // a revision is signed and verified where it is built
    E + "client.ts",
    E + "protocol.ts",
  ],
  "src-main/routes": [
    ...S,
    "src-main/archives",
    "src-main/routes",
    "src-main/jobs",
    "src-main/store",
    "src-main/datasets",
    "src-main/reports",
    "src-main/keys",
  ],
  "src-main/app.ts": [...S, "src-main/routes"],
  "src-main/start.ts": [
    ...S,
    "src-main/app.ts",
    "src-main/routes",
    "src-main/jobs",
    "src-main/store",
    "src-main/datasets",
    "src-main/reports",
    "src-main/keys",
    E + "client.ts",
  ],
  "src-main/cli": [...S, "src-main/cli", "src-main/start.ts", "src-main/hosts"],
  "src-main/hosts": [...S, "src-main/hosts", "src-main/start.ts"],
  "src-renderer/ui": ["src-renderer/ui"],
  "src-renderer/heatmap": [
    "shared/domain",
    "shared/geometry",
    "shared/heatmap",
    "src-renderer/heatmap",
  ],
  "src-renderer": [...S, "src-renderer"],
};

export const doors = [
  { packages: /^onnxruntime-node$/, door: ["src-main/engine/session"] },
  { packages: /^@tensorflow\//, door: ["src-main/engine/tensorflow"] },
  { packages: /^sharp$/, door: ["src-main/engine/images"] },
  { packages: /^yauzl$/, door: ["src-main/archives"] },
  { packages: /^node:sqlite$/, door: ["src-main/store"] },
  { packages: /^dexie$/, door: ["src-renderer/review"] },
  { packages: /^electron$/, door: ["src-main/hosts/electron"] },
];

function layerOf(path) {
  return Object.keys(layers)
    .filter((prefix) => path === prefix || path.startsWith(prefix + "/"))
    .toSorted((a, b) => b.length - a.length)[0];
}

function resolvePath(from, specifier) {
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** Returns why `file` (repository-relative) may not import `specifier`, or null when it may. */
export function violation(file, specifier) {
  const isProduct = /^(shared|src-main|src-renderer)\//.test(file);
  if (!isProduct) return null;
  if (!specifier.startsWith(".")) {
    const door = doors.find((d) => d.packages.test(specifier));
    if (!door || door.door.some((folder) => file.startsWith(folder + "/"))) return null;
    return `${specifier} enters by ${door.door.join(", ")} alone`;
  }
  const target = resolvePath(file, specifier);
  if (/^(test|assets\/demo)\//.test(target))
    return "the product imports no test, fixture or canned answer";
  const layer = layerOf(file);
  if (!layer) return null;
  const allowed = layers[layer];
  if (allowed.some((prefix) => target === prefix || target.startsWith(prefix + "/"))) return null;
  return `${layer} may import only: ${allowed.join(", ")}`;
}

export const layerRule = {
  meta: { type: "problem", schema: [], messages: { closed: "{{ why }}" } },
  create(context) {
    const file = context.filename.slice(context.cwd.length + 1).replaceAll("\\", "/");
    if (/\.test\.ts$/.test(file)) return {};
    const check = (node) => {
      const source = node.source?.value;
      if (typeof source !== "string") return;
      const why = violation(file, source.replace(/\?.*$/, ""));
      if (why) context.report({ node, messageId: "closed", data: { why } });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};
