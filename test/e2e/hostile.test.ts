// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what a shell or terraform would expand.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { readReport } from "./evidence.ts";
import { expectNoCommand } from "./expect-no-command.ts";
import { inLanes } from "./lanes.ts";
import { asTeam, expired, hoursFromNow, login, openScene, type Played, reap, type Scene } from "./scene.ts";

jest.setTimeout(180_000);

/** What a stranger may write into a tag, a name of a branch, a lock or a message. */
const HOSTILE: readonly string[] = [
  "x\n::set-output name=report::PWNED",
  "x\r::set-output name=deleted::PWNED",
  "\n::error title=PWNED::PWNED",
  "::warning::PWNED",
  "x\n  ::add-mask::PWNED-mask",
  "::stop-commands::PWNED",
  "x\n::save-state name=journal::PWNED",
  "##[error]PWNED",
  "x ##[group]PWNED",
  "##[command]PWNED",
  "x\u001b[31mPWNED\u001b[0m\u0007\u009b2J",
  "$(touch PWNED)",
  "`touch PWNED`",
  "'; touch PWNED; '",
  '"; touch PWNED; "',
  "PWNED | x || y | z",
  "</details></details><script>PWNED</script><img src=x onerror=PWNED>",
  "@everyone #1 https://pwned.example/PWNED",
  "[PWNED](https://pwned.example) ![PWNED](https://pwned.example/p.png)",
  "```\nPWNED\n````",
  "~~~\n# PWNED\n> [!CAUTION]\n> PWNED",
  "%0A::error::PWNED%0D%25",
  "a\u202egnp.exe PWNED",
  "😀\ud83d PWNED \u0000 é ß 漢字",
  "PWNED".repeat(2_000),
  "GITHUB_ENV<<EOF\nPWNED=1\nEOF",
];

/** A page as GitHub would make it of a summary: only its skeleton counts here. */
interface Markdown {
  parse(
    text: string,
    env: object,
  ): readonly { readonly type: string; readonly content: string; readonly info: string }[];
  render(text: string): string;
}
const { default: createMarkdown } = (await import("markdown-it")) as unknown as {
  default: (options: { html: boolean; linkify: boolean }) => Markdown;
};
const markdown = createMarkdown({ html: true, linkify: true });

/** The page has no element, link, mention or reference that a stranger wrote. */
function expectHarmlessPage(summary: string): void {
  const html = markdown.render(summary);
  const tags = [...html.matchAll(/<\/?([a-z][a-z0-9-]*)/gi)].map(([, name = ""]) => name.toLowerCase());
  const ours = "br code details h2 h3 li ol p pre summary strong table tbody td th thead tr ul em blockquote".split(
    " ",
  );
  expect([...new Set(tags)].filter((name) => !ours.includes(name))).toEqual([]);
  expect(html.match(/<details>/g)?.length).toBe(html.match(/<\/details>/g)?.length);
  expect(html).not.toContain("<a ");
  const prose = html.replace(/<(code|pre)[^>]*>[\s\S]*?<\/\1>/g, "");
  expect(prose).not.toMatch(/@everyone|#1\b|https:\/\/pwned/);
}

/** The cells of each row of the summary's tables, without their heads. */
function readTables(summary: string): readonly (readonly string[])[] {
  const html = markdown.render(summary);
  const rows = [...html.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].filter(([, row = ""]) => !row.includes("<th>"));
  return rows.map(([, row = ""]) => [...row.matchAll(/<td>([\s\S]*?)<\/td>/g)].map(([, cell = ""]) => cell));
}

/** Runs the command lines that a summary offers, with tools that only write down their parameters. */
function runCommands(summary: string): readonly (readonly string[])[] {
  const folder = mkdtempSync(join(tmpdir(), "mayfly-paste-"));
  try {
    const scripts = markdown
      .parse(summary, {})
      .filter(({ type, info }) => type === "fence" && /^(sh|bash)$/.test(info));
    const az = `az() { printf '%s\\0' "$@" >>calls; printf '\\n\\0' >>calls; }\n`;
    for (const { content } of scripts) {
      writeFileSync(join(folder, "script"), az + content);
      execFileSync("bash", ["script"], { cwd: folder, stdio: "ignore" });
    }
    expect(readdirSync(folder).filter((name) => name !== "script" && name !== "calls")).toEqual([]);
    const calls = scripts.length === 0 ? "" : execFileSync("cat", ["calls"], { cwd: folder, encoding: "utf8" });
    return calls
      .split("\0\n\0")
      .filter((call) => call !== "")
      .map((call) => call.split("\0"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("tags, locks and messages of a stranger", () => {
  let scene: Scene;
  let played: Played;
  beforeAll(async () => {
    scene = await openScene();
    const { arm } = scene.azure;
    for (const [index, text] of HOSTILE.entries()) {
      scene.add(`pr-date-${index}`, { "auto-destroy": "true", "expires-at": text });
      scene.add(`pr-mark-${index}`, { "auto-destroy": text, "expires-at": hoursFromNow(-2) });
      scene.add(`pr-tag-${index}`, { "auto-destroy": "true", [`expires-at${text}`]: hoursFromNow(-2) });
      const locked = scene.add(`pr-lock-${index}`);
      arm.addLock(locked, { name: text.replaceAll("/", "_"), level: "CanNotDelete", notes: text });
      arm.addDenyAssignment(scene.add(`pr-deny-${index}`), { name: text });
    }
    // ARM has no such names; what reads them should not count on that.
    for (const text of HOSTILE) scene.add(`pr-${text.replaceAll("/", "_")}`, { "auto-destroy": "true" });
    for (const [index, text] of HOSTILE.slice(0, 12).entries()) {
      const id = scene.add(`pr-blocked-${index}`, { ...expired(), owner: text });
      const target = `${id}/providers/Microsoft.Network/networkInterfaces/x`;
      arm.planDeletion(id, { kind: "blocked", seconds: 0, by: [{ target, code: "NicInUse", message: text }] });
    }
    played = await scene.play({ steps: [reap({ ...asTeam(scene.team), "max-percentage": 100 })] });
  });
  afterAll(async () => scene[Symbol.asyncDispose]());

  test("become no command of the runner", () => {
    expectNoCommand(played);
    const main = played.steps.find(({ id, stage }) => id === "reap" && stage === "main");
    expect(main).toMatchObject({
      exitCode: 1,
      outputs: { "error-code": "delete-failed", blocked: "12", deleted: "0" },
    });
    expect(main?.outputs["report"]).toMatch(/report\.json$/);
    for (const level of ["error", "warning", "notice"]) {
      expect(played.log.filter(({ kind }) => kind === level).length).toBeLessThanOrEqual(10);
    }
  });

  test("stay inside their cells of the summary, and make nothing of their own", () => {
    expectHarmlessPage(played.summary);
    const rows = readTables(played.summary);
    expect(rows.every((cells) => cells.length === 4)).toBe(true);
    // One of each group, and one of the subscription.
    expect(rows).toHaveLength(scene.names().length + 1);
    const marked = rows.filter(([first = ""]) => !first.includes(scene.team.subscriptionId));
    expect(marked.filter(([, , verdict = ""]) => !/^(🔒 kept|⚠️ odd tags, kept|❌ not deleted)$/.test(verdict))).toEqual(
      [],
    );
    // A bar that is not escaped moves what follows into other cells, and the last of it out of the table.
    const bars = HOSTILE.findIndex((text) => text.includes("||"));
    expect(marked.filter(([name]) => name === "<code>pr-PWNED | x || y | z</code>")).toHaveLength(1);
    expect(marked.find(([name]) => name?.includes(`pr-mark-${bars}<`))?.[3]).toContain("PWNED | x || y | z");
  });

  test("reach no shell, not even of who pastes the lines that mend them", () => {
    const calls = runCommands(played.summary);
    expect(calls.length).toBeGreaterThan(HOSTILE.length);
    for (const call of calls) expect(call[0]).toMatch(/^(tag|lock|network|resource|rest|role)$/);
  });

  test("are kept as they are in the report, and delete nothing", () => {
    expect(readReport(played)).toMatchObject({ complete: true, counts: { deleted: 0, blocked: 12 } });
    expect([...scene.deletes()].every((name) => name.startsWith("pr-blocked-"))).toBe(true);
    expect(JSON.stringify(readReport(played))).toContain("$(touch PWNED)");
  });
});

describe("a branch with a hostile name", () => {
  const BRANCHES = [
    "x$(touch${IFS}PWNED)",
    "x`touch${IFS}PWNED`",
    "x';touch${IFS}PWNED;'",
    'x";touch${IFS}PWNED;"',
    "x|PWNED|y",
    "::error::PWNED",
    "##[error]PWNED",
    "<script>PWNED</script>",
    "@everyone/#1",
    "%0A::error::PWNED",
    '"${file("PWNED")}',
    `${"PWNED".repeat(40)}`,
  ];

  let runs: readonly { readonly played: Played; readonly subject: string }[];
  beforeAll(async () => {
    const scene = await openScene();
    runs = await inLanes(BRANCHES, 4, async (branch) => {
      const ref = `refs/heads/${branch}`;
      const shop = { repository: "octo/shop", repositoryId: "599293758", ownerId: "1844662", event: "push" };
      const idToken = scene.azure.github.registerJob({ ...shop, ref });
      const github = { ...scene.base.github, ref, event_name: "push" };
      const steps = [{ ...login(scene.team), continueOnError: true }];
      return { played: await scene.play({ steps, idToken, github }), subject: idToken.subject };
    });
    await scene[Symbol.asyncDispose]();
  });

  test.each([...BRANCHES.entries()])("is refused as what it is, and becomes nothing else: %i %s", (index) => {
    const run = runs[index];
    if (run === undefined) throw new Error("it was not run");
    const { played, subject } = run;
    expectNoCommand(played);
    expectHarmlessPage(played.summary);
    const main = played.steps.find(({ id }) => id === "login");
    expect(main?.outputs).toMatchObject({ "error-code": "subject-mismatch", subject });
    // Each line that adds the credential has the whole subject, and nothing else of it.
    const words = runCommands(played.summary).flatMap((call) => call.filter((word) => word.includes("repo:octo/shop")));
    expect(words.length).toBeGreaterThan(0);
    const forms = [subject, JSON.stringify(subject).slice(1, -1)];
    expect(words.filter((word) => !forms.some((form) => word.includes(form)))).toEqual([]);
    // Terraform and Bicep would expand it, too.
    const code = markdown
      .parse(played.summary, {})
      .filter(({ type, info }) => type === "fence" && /^(hcl|bicep)/.test(info));
    expect(code.map(({ content }) => content).join("\n")).toContain("repo:octo/shop");
    for (const { content } of code) expect(content).not.toMatch(/(?<![$\\])\$\{(IFS|file)/);
  });
});
