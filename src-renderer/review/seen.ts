import type { Audit, Run } from "../../shared/contract/audits.ts";
import { rectOfSeen } from "../../shared/geometry/frame.ts";
import { placementOf, seenAreaOf } from "../../shared/geometry/placement.ts";
import type { Rect } from "../../shared/geometry/shape.ts";

const whole: Rect = { x: 0, y: 0, w: 1, h: 1 };

/** Where a map lies on a picture of this size, in picture fractions: what the run's model was shown of it. */
export function seenRect(
  audit: Audit,
  run: Run | null,
  picture: { width: number; height: number },
): Rect {
  const by = audit.models.find((model) => model.id === run?.modelId)?.preparation;
  if (!by) return whole;
  const placement = placementOf(by, picture.width, picture.height);
  if (!placement) return whole;
  return rectOfSeen(seenAreaOf(by, placement, picture.width, picture.height), picture);
}

/** Whether part of the picture lay outside what the model was shown. */
export function isCut({ x, y, w, h }: Rect): boolean {
  const slack = 0.001;
  return x > slack || y > slack || x + w < 1 - slack || y + h < 1 - slack;
}
