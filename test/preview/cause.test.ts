import { describe, expect, test } from "@jest/globals";
import { type Cause, type CauseFacts, decideCause } from "../../src/preview/cause.ts";

const FACTS: CauseFacts = {
  event: "pull_request",
  action: "synchronize",
  eventLabel: undefined,
  attempt: 1,
  asked: undefined,
  onlyDestroy: false,
  label: undefined,
};

describe("a run is there", () => {
  test.each<readonly [Cause, Partial<CauseFacts>]>([
    ["pushed", {}],
    ["pushed", { action: "opened" }],
    ["reopened", { action: "reopened" }],
    ["ready", { action: "ready_for_review" }],
    ["other", { action: "edited" }],
    ["other", { action: "" }],
    ["other", { action: "constructor" }],
    ["other", { action: "converted_to_draft" }],
    ["other", { action: "labeled", eventLabel: "preview" }],
    ["other", { action: "labeled", eventLabel: "docs", label: "preview" }],
    ["other", { action: "labeled", label: "preview" }],
    ["labelled", { action: "labeled", eventLabel: "PREVIEW", label: "preview" }],
    ["ended", { event: "pull_request_target", action: "closed" }],
    ["ended", { event: "pull_request_target", action: "unlabeled", eventLabel: "docs" }],
    ["ended", { action: "closed" }],
    ["ended", { action: "closed", attempt: 3 }],
    ["ended", { event: "schedule", action: "" }],
    ["ended", { event: "schedule", action: "", asked: "deploy", onlyDestroy: true }],
    ["ended", { onlyDestroy: true }],
    ["ended", { event: "workflow_dispatch", action: "", onlyDestroy: true }],
    ["rerun", { attempt: 2 }],
    ["rerun", { action: "reopened", attempt: 2 }],
    ["other", { action: "edited", attempt: 2 }],
    ["asked-deploy", { event: "workflow_dispatch", action: "" }],
    ["asked-deploy", { event: "issue_comment", action: "created", asked: "deploy" }],
    ["asked-deploy", { event: "issue_comment", action: "created", asked: "deploy", attempt: 2 }],
    ["asked-destroy", { event: "issue_comment", action: "created", asked: "destroy" }],
    ["asked-destroy", { asked: "destroy", onlyDestroy: true }],
    ["other", { event: "issue_comment", action: "created" }],
    ["other", { event: "merge_group", action: "checks_requested" }],
    ["other", { event: "", action: "" }],
  ])("as %s: %j", (cause, facts) => {
    expect(decideCause({ ...FACTS, ...facts })).toBe(cause);
  });
});
