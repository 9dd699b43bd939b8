/** The score that a map explains. */
export type Target =
  | { readonly kind: "predicted" }
  | { readonly kind: "label" }
  | { readonly kind: "class"; readonly index: number }
  /** Logit of the predicted class minus that of the runner-up. */
  | { readonly kind: "top-2" };
