import type { Component } from "svelte";

/** A Lucide icon as components take it: imported one by one from `@lucide/svelte/icons/<name>`. */
export type Icon = Component<{ size?: number; strokeWidth?: number; class?: string }>;
