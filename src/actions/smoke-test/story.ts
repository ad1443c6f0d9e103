import type { ReleaseRecord } from "../../helm/release-record.ts";
import type { SmokeResult } from "../../smoke/result.ts";
import type { Aftermath } from "../smoke/render-reports.ts";

/** What the step has to tell. */
export interface Story {
  readonly result: SmokeResult;
  /** The revision that was looked at. */
  readonly release: Pick<ReleaseRecord, "name" | "namespace" | "revision"> | undefined;
  /** Undefined where nothing went back. */
  readonly back: Aftermath | undefined;
  readonly notes: readonly string[];
  readonly cancelled: boolean;
}
