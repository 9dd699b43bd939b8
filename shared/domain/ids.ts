/** Branded identifiers: a string that has been parsed once, and says what it names. */
declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type AuditId = Id<"audit">;
export type ModelId = Id<"model">;
export type RunId = Id<"run">;
export type JobId = Id<"job">;
export type QueueId = Id<"queue">;
export type RegionId = Id<"region">;
export type FindingId = Id<"finding">;
export type MeetingId = Id<"meeting">;
export type TestId = Id<"test">;
export type ReaderId = Id<"reader">;
export type PlaceId = Id<"place">;
export type CommandId = Id<"command">;

/** Order of first listing, from 0; never reused inside an audit. */
export type ItemNo = number;
