import type { VerifyPart, VerifyStep, VerifyVerdict } from "../../shared/contract/verify.ts";
import type { SignatureCheck } from "../../shared/domain/signature.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { signatureWords, signingDate } from "../../shared/messages/signature-words.ts";
import type { ListedFile } from "./bundle-files.ts";

/** How a file differs from its entry in the list, in the words of review-experience 13; null where it does not. */
export function fileWords(
  { name, bytes, sha256 }: ListedFile,
  found: { readonly bytes: number; readonly sha256: string } | null,
  signers: string | null,
): string | null {
  const was = sizeWords(bytes);
  if (!found)
    return message(signers === null ? "verify.file.missing-unsigned" : "verify.file.missing", {
      name,
      was,
    });
  if (found.sha256 === sha256) return null;
  const is = sizeWords(found.bytes);
  const sizes = { name, was, is, wasHash: shortHash(sha256), isHash: shortHash(found.sha256) };
  if (signers === null) return message("verify.file.changed-unsigned", sizes);
  return found.bytes === bytes
    ? message("verify.file.changed-same-size", { ...sizes, signers })
    : message("verify.file.changed", { ...sizes, signers });
}

/** "A. Meyer and B. Kone"; null where nobody signed. */
export function signerNames(checks: readonly SignatureCheck[]): string | null {
  const names = [...new Set(checks.flatMap(({ signed }) => (signed ? [signed.name] : [])))];
  return names.length === 0 ? null : listed(names);
}

/** A part with its verdict in one sentence. A broken signature is one difference more. */
export function partOf(part: {
  readonly kind: VerifyPart["kind"];
  readonly no: number | null;
  readonly problems: readonly string[];
  readonly checks: readonly SignatureCheck[];
}): VerifyPart {
  const { kind, no, checks } = part;
  const broken = checks.filter(({ state }) => state === "broken");
  const problems = [...part.problems, ...broken.flatMap(signatureWords)];
  const isSound = problems.length === 0;
  const verdict = verdictOf(problems.length, checks);
  return {
    kind,
    no,
    verdict,
    headline: headlineOf(verdict, problems.length, checks, kind),
    problems,
    signatures: checks.map((check) => ({
      state: check.state,
      key: message(`keys.source.${check.key}`),
      words: isSound || check.state !== "unchanged" ? signatureWords(check) : [genuine(check)],
    })),
  };
}

/** The whole folder: the worst of its parts, in the words of its newest revision. */
export function stepOf(
  parts: readonly VerifyPart[],
  progress: Pick<VerifyStep, "checked" | "planned">,
): VerifyStep {
  const problems = parts.flatMap((part) =>
    part.problems.map((words) =>
      part.kind === "revision" && part.no !== null && parts.length > 1
        ? `${message("verify.revision", { no: part.no })}: ${words}`
        : words,
    ),
  );
  const newest = parts.findLast(({ kind }) => kind === "revision");
  const shown = newest ?? parts.find(({ problems: own }) => own.length > 0);
  const others = problems.length - (newest?.problems.length ?? 0);
  if (newest && others > 0) {
    const headline = message("verify.headline.changed", { n: problems.length });
    return {
      state: "done",
      ...progress,
      verdict: "changed",
      headline,
      parts: [...parts],
      problems,
    };
  }
  return {
    state: "done",
    ...progress,
    verdict: shown?.verdict ?? "unsigned",
    headline: shown?.headline ?? message("verify.headline.plain"),
    parts: [...parts],
    problems,
  };
}

function verdictOf(problems: number, checks: readonly SignatureCheck[]): VerifyVerdict {
  if (problems > 0) return "changed";
  if (checks.length === 0) return "unsigned";
  return checks.some(({ state }) => state === "unchanged") ? "unchanged" : "unconfirmed";
}

function headlineOf(
  verdict: VerifyVerdict,
  n: number,
  checks: readonly SignatureCheck[],
  kind: VerifyPart["kind"],
): string {
  switch (verdict) {
    case "unchanged": {
      const sure = checks.filter(({ state }) => state === "unchanged");
      return message("verify.headline.unchanged", { signers: listed(sure.map(signedOn)) });
    }
    case "unconfirmed":
      return message("verify.headline.unconfirmed", { signers: listed(checks.map(signedOn)) });
    case "unsigned":
      return message(kind === "revision" ? "verify.headline.unsigned" : "verify.headline.plain");
    case "changed": {
      const signers = signerNames(checks);
      return signers === null
        ? message("verify.headline.changed", { n })
        : message("verify.headline.broken", { n, signers });
    }
  }
}

/** "A. Meyer on 3 March 2026", by the signer's own calendar. */
function signedOn({ signed }: SignatureCheck): string {
  if (!signed) return "";
  const date = signingDate(signed.signedAt).split(",")[0] ?? "";
  return message("verify.signer", { name: signed.name, date });
}

function genuine({ signed, fingerprint }: SignatureCheck): string {
  const date = signed ? signingDate(signed.signedAt) : "";
  return message("verify.signature.genuine", {
    name: signed?.name ?? "",
    date,
    fingerprint: fingerprint ?? "",
  });
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  if (words.length < 2) return last;
  return message("verify.and", { some: words.slice(0, -1).join(", "), last });
}

function sizeWords(bytes: number): string {
  return bytes.toLocaleString("en-GB");
}

function shortHash(sha256: string): string {
  return `${sha256.slice(0, 12)}…`;
}
