import type { CommandBody } from "./command.ts";

/** What a person may do in an audit: read it, judge in it, or lead it. */
export const roles = ["reviewer", "lead", "viewer"] as const;
export type Role = (typeof roles)[number];

/** Kinds of command that fix what others work by: plan, checks, identity, people, revisions. */
const leadOnly = /^(?:plan\.freeze|check\.(?:accept|reopen)|identity\..+|reader\..+|revision\..+)$/;

/** The role a command asks for; a viewer gives none. */
export function roleFor(kind: CommandBody["kind"]): "reviewer" | "lead" {
  return leadOnly.test(kind) ? "lead" : "reviewer";
}

/** Whether somebody in `role` may do what asks for `asked`. */
export function isEnough(role: Role, asked: "reviewer" | "lead"): boolean {
  return role === "lead" || role === asked;
}

/**
 * The role somebody joins an audit in. Who is to look only stays a viewer; the first of the others leads, so that no audit
 * is without a lead; those who come later are made one by a lead.
 */
export function roleOnJoining(wished: Role, hasLead: boolean): Role {
  if (wished === "viewer") return "viewer";
  return hasLead ? "reviewer" : "lead";
}
