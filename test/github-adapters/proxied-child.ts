import { connectGitHub } from "../../src/github/connect-github.ts";
import { sleep } from "../../src/kit/cancel.ts";

/** A process of its own whose only way to GitHub is the proxy of its environment, or the address in GITHUB_API_URL. */
const cancelled = new AbortController().signal;
const time = {
  now: () => new Date(),
  sleep: (milliseconds: number) => sleep(milliseconds, cancelled),
  left: () => 60_000,
  random: Math.random,
};
const { comments } = connectGitHub({
  token: process.env["TOKEN"] ?? "",
  environment: process.env,
  time,
  cancelled,
  mask: () => {},
});
for (const body of ["Planned.", "Applied."]) {
  await comments.write({ repository: "octo/shop", issue: 12, marker: "<!-- mayfly:test:pr-12 -->", body });
}
