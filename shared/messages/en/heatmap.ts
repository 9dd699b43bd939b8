import type { Message } from "../catalogue.ts";

/** English: the legend of a map, the same in window, report and command line. */
export const heatmap = {
  "heatmap.scaling.run-p99": "run 99th percentile",
  "heatmap.scaling.item": "this image",
  "heatmap.scaling.fixed": "fixed range",
  "heatmap.raw": "raw {min} to {max}",
  "heatmap.threshold": "from {percent} % (raw {raw})",
  "heatmap.size": "{width} × {height}",
  "heatmap.size.smooth": "{native} → {shown}, smooth",
  "heatmap.size.blocky": "{native} → {shown}, blocky",
  "heatmap.size.gaussian": "{native} → {shown}, Gaussian, σ {sigma} of {input} px",
  "heatmap.size.gaussian-assumed":
    "{native} → {shown}, Gaussian, σ {sigma} of {input} px, assumed one cell wide",
  "heatmap.size.gaussian-wide": "(so wide that every map is one spot)",
  "heatmap.opacity-follows": "opacity follows value",
} satisfies Record<string, Message>;
