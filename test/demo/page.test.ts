import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { Act, Scene } from "../../scripts/demo/act.ts";
import { inlineScript } from "../../scripts/demo/html.ts";
import { listFaults } from "../../scripts/demo/outcome.ts";
import { renderPage } from "../../scripts/demo/page.ts";
import { concludeRun, recordJob } from "../../scripts/demo/run-record.ts";

const repositoryRoot = join(import.meta.dirname, "../runner/fixtures");
const group = (name: string) => ({ name, note: "expires-at x" });

async function makeScene(script: string): Promise<Scene> {
  const seen: string[] = [];
  const job = { repositoryRoot, name: "Job <1>", steps: [{ name: "Step & co", run: script }] };
  const record = await recordJob(job, ({ text }) => seen.push(text));
  expect(seen).not.toEqual([]);
  const conclusion = concludeRun([record]);
  const facts = { workflow: "W", file: ".github/workflows/w.yml", number: 1, event: "schedule", actor: undefined };
  const run = { ...facts, branch: "main", inputs: {}, jobs: [record], leftOut: [], artifacts: [] };
  const request = { method: "DELETE", host: "management.azure.com", path: "/a", url: "https://management.azure.com/a" };
  return {
    run: { ...run, startedAt: new Date(), durationMs: 5, conclusion },
    before: [group("a"), group("b")],
    after: [group("b")],
    requests: [{ ...request, at: new Date(), query: {}, headers: {}, ...NO_BODY, status: 202, milliseconds: 3 }],
    faults: [],
  };
}

const NO_BODY = { body: "", requestBytes: 0, responseBytes: 0 };

const SCRIPT = [
  "echo '::group::Plan </script>'; echo inside; echo ::endgroup::",
  "echo '::warning title=Odd::<b>mend</b>'",
  "printf '## Sum\\n\\n```mermaid\\ngantt\\n```\\n' >>\"$GITHUB_STEP_SUMMARY\"",
].join("\n");
const act: Act = { name: "One", story: "A < B", needs: [], run: () => Promise.reject(new Error("not played here")) };
const missing: Act = {
  ...act,
  name: "Two",
  needs: [
    { name: "docker", bring: "apt-get install docker.io", isThere: () => false },
    { name: "node", bring: "never shown", isThere: () => true },
  ],
};
const facts = { repository: "octo/mayfly", at: new Date(0), version: "24" };

describe("the page", () => {
  test("shows a run, escapes what its jobs printed, and needs nothing beside it", async () => {
    const html = renderPage([{ act, scene: await makeScene(SCRIPT) }], facts);
    const [body = ""] = /<body>[\s\S]*?(?=<script>)/.exec(html) ?? [];
    expect(body).toContain("Plan &lt;/script&gt;");
    expect(body).toContain("<b>Warning: </b>&lt;b&gt;mend&lt;/b&gt;");
    expect(body).toContain("<b>Job &lt;1&gt; · Odd</b>");
    expect(body).toContain("Step &amp; co");
    expect(body).toContain('<pre class="mermaid">gantt');
    expect(body).toContain('<td class="was"><code>a</code></td>');
    expect(body).toContain('<td class="gone">gone</td>');
    expect(body).toContain("<b>1 request</b> to 1 host");
    expect(body).not.toMatch(/\s(?:src|href)="(?!#)/);
    expect(html).toContain("default-src 'none'");
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    const links = [...body.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.filter((id) => !body.includes(`id="${id}"`))).toEqual([]);
  });

  test("names an act that could not be played, and the command that brings what it lacks", async () => {
    const html = renderPage([{ act: missing }], facts);
    expect(html).toContain("<li>docker: <code>apt-get install docker.io</code></li>");
    expect(html).not.toContain("never shown");
  });

  test("says what did not go as told", async () => {
    const scene = { ...(await makeScene("echo x")), faults: ["a <is> gone"] };
    expect(renderPage([{ act, scene }], facts)).toContain("<li>a &lt;is&gt; gone</li>");
  });
});

test("inlined scripts keep their meaning and cannot end their element", () => {
  const source = 'return ["</script>", "<!--", /<!--/.test("<!--"), 1 < 2];';
  const inlined = inlineScript(source);
  expect(inlined).not.toMatch(/<\/script|<!--/i);
  expect(new Function(inlined)()).toEqual(["</script>", "<!--", true, true]);
});

describe("an outcome", () => {
  const told = { conclusion: "success", gone: ["a"], asked: 1 } as const;

  test("that is as told has no faults", async () => {
    expect(listFaults(told, await makeScene(SCRIPT))).toEqual([]);
  });

  test("names everything that differs", async () => {
    const scene = await makeScene("exit 3");
    const refused = { ...scene.requests[0], refused: "The emulator does not know x" } as Scene["requests"][number];
    const wrong = { ...scene, after: [group("a"), group("c")], requests: [refused, refused] };
    expect(listFaults(told, wrong)).toEqual([
      "the run should end with success, and ended with failure",
      "b is gone and should not be",
      "a should be gone and is not",
      "c was not there before",
      "deletes asked for: 2, and not 1",
      "The emulator does not know x",
      "The emulator does not know x",
      "no job wrote a summary",
    ]);
  });
});
