import { message } from "../../../shared/messages/catalogue.ts";
import type { ReviewState } from "./review-state.svelte.ts";

/** What is being walked, and in which order, in a few words. */
export function queueTitle(review: ReviewState): string {
  const { queue, source } = review;
  if (source?.kind === "grid") return message("review.queue.grid");
  if (!queue) return message("review.queue.none");
  switch (queue.rule.kind) {
    case "suspects":
      return message("review.queue.suspects", { name: queue.name });
    case "random":
      return message("review.queue.random", { name: queue.name, seed: queue.rule.seed });
    case "second":
    case "adjudication":
    case "filter":
      return queue.name;
  }
}
