import { message } from "../../../shared/messages/catalogue.ts";
import { countWords } from "../frame/amount-words.ts";

/** "87.5 % right (210 of 240)". */
export function rateWords({ right, n }: { right: number; n: number }): string {
  return message("intake.model.right", {
    rate: ((100 * right) / n).toFixed(1),
    right: countWords(right),
    n: countWords(n),
  });
}
