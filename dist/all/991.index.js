export const id = 991;
export const ids = [991];
export const modules = {

/***/ 8002:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ countStory)
/* harmony export */ });
const TALLY = {
    gone: "deleted",
    vanished: "deleted",
    accepted: "accepted",
    asked: "stillDeleting",
    "still-deleting": "stillDeleting",
    blocked: "blocked",
    "rolled-back": "blocked",
    "came-back": "cameBack",
    changed: "skipped",
    "not-started": "skipped",
    failed: "failed",
};
function countStory(story) {
    const tallies = { deleted: 0, accepted: 0, stillDeleting: 0, blocked: 0, cameBack: 0, failed: 0, skipped: 0 };
    for (const { outcome } of story.records.values())
        tallies[TALLY[outcome.kind]] += 1;
    const { plan } = story;
    let [expired, kept, odd] = [0, 0, 0];
    let next = Number.POSITIVE_INFINITY;
    for (const { id, fate } of plan?.entries ?? []) {
        if (fate.kind === "expired") {
            expired += 1;
            const acts = plan?.dryRun === false && plan.fuse.kind === "holds";
            if (acts && !story.records.has(id.toLowerCase()))
                tallies.skipped += 1;
        }
        if (fate.kind !== "keep")
            continue;
        if (fate.reason === "odd")
            odd += 1;
        else
            kept += 1;
        if (fate.reason === "not-yet" && fate.expiresAt !== undefined)
            next = Math.min(next, fate.expiresAt.getTime());
    }
    return { expired, ...tallies, kept, odd, nextExpiry: Number.isFinite(next) ? new Date(next) : undefined };
}


/***/ }),

/***/ 8395:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   C: () => (/* binding */ REPORTED_STATE),
/* harmony export */   e: () => (/* binding */ JOURNAL_STATE)
/* harmony export */ });
const JOURNAL_STATE = "journal";
const REPORTED_STATE = "reported";


/***/ }),

/***/ 2387:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N1: () => (/* binding */ renderEvent),
/* harmony export */   n$: () => (/* binding */ foldJournal),
/* harmony export */   z8: () => (/* binding */ parseJournal)
/* harmony export */ });
function foldJournal(events) {
    let plan;
    let end;
    const records = new Map();
    for (const event of events) {
        if (event.type === "plan")
            plan = event.plan;
        if (event.type === "end")
            end = { at: event.at, because: event.because };
        if (event.type !== "outcome")
            continue;
        const key = event.id.toLowerCase();
        const before = records.get(key);
        const asked = event.outcome.kind === "asked" ? event.at : before?.askedAt;
        records.set(key, { outcome: event.outcome, askedAt: asked, at: event.at });
    }
    return { plan, records, end };
}
function renderEvent(event) {
    return `${JSON.stringify(event)}\n`;
}
const DATES = new Set(["at", "now", "expiresAt"]);
function parseJournal(text) {
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    return whole
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line, revive));
}
function revive(key, value) {
    return DATES.has(key) && typeof value === "string" ? new Date(value) : value;
}


/***/ }),

/***/ 7917:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  z: () => (/* binding */ renderBlockerLine),
  T: () => (/* binding */ renderTagLine)
});

;// CONCATENATED MODULE: ./lib/kit/shell-word.js
function shellWord(value) {
    const line = value.replace(/[\r\n]+/g, " ");
    return /^[\w@%+=:,./-]+$/.test(line) ? line : `'${line.replaceAll("'", `'\\''`)}'`;
}

// EXTERNAL MODULE: ./lib/ttl/expiry.js
var expiry = __webpack_require__(4285);
// EXTERNAL MODULE: ./lib/ttl/tags.js
var ttl_tags = __webpack_require__(5139);
;// CONCATENATED MODULE: ./lib/actions/ttl-reaper/mend-lines.js



const DAY_MS = 86_400_000;
function renderTagLine(entry, now) {
    const proposed = entry.fate.kind === "keep" ? entry.fate.mend : undefined;
    const tags = proposed ?? { [ttl_tags/* MARK */.M$]: "true", [ttl_tags/* EXPIRY */.Gp]: (0,expiry/* renderExpiry */._)(new Date(now.getTime() + DAY_MS)) };
    const words = Object.entries(tags).map(([name, value]) => shellWord(`${name}=${value}`));
    return `az tag update --resource-id ${shellWord(entry.id)} --operation Merge --tags ${words.join(" ")}`;
}
const MENDS = {
    ScopeLocked: "az lock list --resource {id}  # then: az lock delete --ids <lock id>",
    DenyAssignmentAuthorizationFailed: "az rest --method get --url {id}/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01",
    AuthorizationFailed: "az role assignment create --assignee <client-id> --role <role that may delete> --scope {id}",
    InUseSubnetCannotBeDeleted: "az network vnet subnet show --ids {id} --query ipConfigurations",
    PublicIPAddressCannotBeDeleted: "az network public-ip show --ids {id} --query ipConfiguration.id",
    NicInUse: "az network nic show --ids {id} --query virtualMachine.id",
    InUseNetworkSecurityGroupCannotBeDeleted: "az network nsg show --ids {id} --query '{subnets:subnets,nics:networkInterfaces}'",
    VaultContainsItems: "az backup item list --vault-name <name> --resource-group <group>  # protected items first",
};
const FALLBACK = "az resource delete --ids {id}";
function renderBlockerLine(blocker) {
    if (blocker.resource === undefined)
        return undefined;
    const id = shellWord(blocker.resource);
    const isGroup = /^\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+)?$/i.test(blocker.resource);
    const mend = MENDS[blocker.code];
    if (mend !== undefined && blocker.code === "ScopeLocked")
        return renderLockLine(blocker.resource);
    if (mend === undefined && isGroup)
        return undefined;
    return (mend ?? FALLBACK).replaceAll("{id}", () => id);
}
function renderLockLine(scope) {
    const group = /\/resourceGroups\/([^/]+)/i.exec(scope)?.[1];
    const where = group === undefined ? "" : ` --resource-group ${shellWord(group)}`;
    return `az lock list${where} --query '[].id' --output tsv  # then: az lock delete --ids <lock id>`;
}


/***/ }),

/***/ 2388:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N: () => (/* binding */ isFailure),
/* harmony export */   S: () => (/* binding */ describeOutcome)
/* harmony export */ });
const FAILURES = new Set(["blocked", "rolled-back", "came-back", "failed"]);
function isFailure(outcome) {
    return FAILURES.has(outcome.kind);
}
function describeOutcome(outcome) {
    switch (outcome.kind) {
        case "asked":
            return "DELETE was sent, and the run ended before ARM's answer was known";
        case "accepted":
            return "ARM accepted the delete";
        case "gone":
            return "gone (ARM answers 404)";
        case "vanished":
            return "was gone before its turn";
        case "still-deleting":
            return `still deleting: ${outcome.because}`;
        case "blocked":
            return `ARM refused: ${listCodes(outcome.blockers)}`;
        case "rolled-back":
            return `ARM gave up and rolled back: ${listCodes(outcome.blockers)}`;
        case "came-back":
            return "was gone and came back: something recreates it";
        case "changed":
            return `left alone, it changed since the plan: ${outcome.because}`;
        case "not-started":
            return `not started: ${outcome.because}`;
        case "failed":
            return `failed: ${outcome.because}`;
    }
}
function listCodes(blockers) {
    return [...new Set(blockers.map((blocker) => blocker.code))].join(", ") || "no reason given";
}


/***/ }),

/***/ 1724:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  B: () => (/* binding */ renderSummary)
});

// EXTERNAL MODULE: ./lib/kit/duration.js
var duration = __webpack_require__(2746);
// EXTERNAL MODULE: ./lib/kit/markdown.js
var markdown = __webpack_require__(7391);
// EXTERNAL MODULE: ./lib/ttl/expiry.js
var expiry = __webpack_require__(4285);
// EXTERNAL MODULE: ./lib/actions/ttl-reaper/counts.js
var counts = __webpack_require__(8002);
// EXTERNAL MODULE: ./lib/actions/ttl-reaper/mend-lines.js + 1 modules
var mend_lines = __webpack_require__(7917);
// EXTERNAL MODULE: ./lib/actions/ttl-reaper/outcome.js
var ttl_reaper_outcome = __webpack_require__(2388);
;// CONCATENATED MODULE: ./lib/actions/ttl-reaper/render-headline.js



function renderHeadline(plan, story, counts) {
    const callout = renderCallout(plan, story, counts);
    const next = counts.nextExpiry === undefined
        ? ""
        : ` The next one expires at ${(0,expiry/* renderExpiry */._)(counts.nextExpiry)} (in ${(0,duration/* renderDuration */.P)(counts.nextExpiry.getTime() - plan.now.getTime())}).`;
    const fleet = `${plan.marked} marked, ${counts.expired} expired, ${counts.kept} kept, ${counts.odd} with odd tags.${next}`;
    return [`## ${renderTitle(plan, counts)}`, ...(callout === "" ? [] : [callout]), fleet].join("\n\n");
}
function renderTitle(plan, counts) {
    const groups = (count) => `${count} resource group${count === 1 ? "" : "s"}`;
    if (plan.dryRun)
        return `🔎 Dry run: ${groups(counts.expired)} would be deleted`;
    if (plan.fuse.kind === "tripped")
        return "⛔ The fuse tripped: nothing was deleted";
    const troubled = counts.blocked + counts.cameBack + counts.failed;
    if (troubled > 0)
        return `❌ ${groups(counts.deleted)} deleted, ${troubled} could not be`;
    const open = counts.stillDeleting + counts.accepted;
    if (open > 0)
        return `⏳ ${groups(counts.deleted)} deleted, ${open} still being deleted`;
    return `✅ ${groups(counts.deleted)} deleted`;
}
function renderCallout(plan, story, counts) {
    if (story.end === undefined) {
        return "> [!CAUTION]\n> The run was killed. This is what it had written down until then; ARM finishes what it accepted.";
    }
    if (plan.fuse.kind === "tripped") {
        const once = `gh workflow run nightly-cleanup.yml -f ${plan.fuse.limit}=${plan.fuse.limit === "max-deletions" ? counts.expired : 100}`;
        return `> [!WARNING]\n> ${(0,markdown/* plain */.pj)(plan.fuse.because)}. When that is right, run it once with a higher limit: ${(0,markdown/* code */.aY)(once)}`;
    }
    if (story.end.because !== "")
        return `> [!WARNING]\n> ${(0,markdown/* plain */.pj)(story.end.because)}`;
    if (plan.dryRun)
        return "> [!NOTE]\n> Nothing was deleted. Set `dry-run: false` to carry this out.";
    return "";
}

;// CONCATENATED MODULE: ./lib/actions/ttl-reaper/render-timeline.js

const MOST_BARS = 14;
const HOUR_MS = 3_600_000;
function renderTimeline(story) {
    const { plan } = story;
    if (plan === undefined)
        return "";
    const overdue = [];
    const coming = [];
    for (const entry of plan.entries) {
        const expiresAt = entry.fate.kind === "keep" ? (entry.fate.expiresAt ?? undefined) : entry.fate.expiresAt;
        if (expiresAt === undefined)
            continue;
        if (expiresAt <= plan.now)
            overdue.push({ name: entry.name, state: stateOf(entry, story), from: expiresAt, to: plan.now });
        else if (entry.fate.kind === "keep" && entry.fate.reason === "not-yet") {
            coming.push({ name: entry.name, state: "", from: plan.now, to: expiresAt });
        }
    }
    const sections = [
        renderSection("Expired", overdue.sort((a, b) => a.from.getTime() - b.from.getTime())),
        renderSection("Next", coming.sort((a, b) => a.to.getTime() - b.to.getTime())),
    ].filter((section) => section !== "");
    if (sections.length === 0)
        return "";
    const head = ["gantt", "  dateFormat YYYY-MM-DDTHH:mm", "  axisFormat %d %b %H:%M", "  todayMarker off"];
    return (0,markdown/* fenced */.OF)([...head, ...sections].join("\n"), "mermaid");
}
function renderSection(title, bars) {
    if (bars.length === 0)
        return "";
    const lines = bars.slice(0, MOST_BARS).map((bar) => {
        const to = new Date(Math.max(bar.to.getTime(), bar.from.getTime() + HOUR_MS / 4));
        return `    ${safeName(bar.name)} :${bar.state}${minute(bar.from)}, ${minute(to)}`;
    });
    return [`  section ${title}`, ...lines].join("\n");
}
function stateOf(entry, story) {
    const outcome = story.records.get(entry.id.toLowerCase())?.outcome.kind;
    if (outcome === "gone" || outcome === "vanished")
        return "done, ";
    return entry.fate.kind === "keep" ? "active, " : "crit, ";
}
function safeName(name) {
    return name.replace(/[^-\w.() ]/g, "_");
}
function minute(date) {
    return date.toISOString().slice(0, 16);
}

;// CONCATENATED MODULE: ./lib/actions/ttl-reaper/render-summary.js








function renderSummary(story, budgetBytes = markdown/* SUMMARY_BUDGET_BYTES */.Xb) {
    const { plan } = story;
    if (plan === undefined)
        return "## TTL reaper\n\nThe run ended before it had looked at anything. Nothing was deleted.\n";
    const sections = [
        { text: renderHeadline(plan, story, (0,counts/* countStory */.D)(story)) },
        renderUnreadable(plan),
        renderBlockers(plan, story),
        renderGroups(plan, story),
        render_summary_text(renderTimeline(story)),
        renderOdd(plan),
        { text: renderSubscriptions(plan) },
    ];
    return (0,markdown/* withinBudget */.xV)(sections.filter((section) => section !== undefined), budgetBytes);
}
function render_summary_text(markdown) {
    return markdown === "" ? undefined : { text: markdown };
}
function renderGroups(plan, story) {
    if (plan.entries.length === 0)
        return undefined;
    const rows = [...plan.entries].sort(byUrgency).map((entry) => {
        const record = story.records.get(entry.id.toLowerCase());
        const [verdict, reason] = describeEntry(entry, plan, record?.outcome);
        return `| ${(0,markdown/* code */.aY)(entry.name)} | ${renderWhen(entry, plan)} | ${verdict} | ${reason} |`;
    });
    const head = `### Marked groups\n\n${(0,markdown/* table */.tp)(["Group", "Expires", "Verdict", "Why"], [])}`;
    return { text: head, rows, omitted: (count) => `… and ${count} more, in the JSON report.` };
}
const ORDER = { expired: 0, deleting: 1, keep: 2 };
function byUrgency(a, b) {
    const time = (entry) => entry.fate.expiresAt?.getTime() ?? Number.MAX_SAFE_INTEGER;
    return ORDER[a.fate.kind] - ORDER[b.fate.kind] || time(a) - time(b) || a.name.localeCompare(b.name);
}
function renderWhen(entry, plan) {
    const at = entry.fate.expiresAt;
    if (at === undefined)
        return "–";
    const span = (0,duration/* renderDuration */.P)(at.getTime() - plan.now.getTime());
    return `${(0,expiry/* renderExpiry */._)(at)}<br>${at <= plan.now ? `${span} ago` : `in ${span}`}`;
}
function describeEntry(entry, plan, outcome) {
    if (outcome !== undefined)
        return [renderVerdict(outcome), (0,markdown/* plain */.pj)((0,ttl_reaper_outcome/* describeOutcome */.S)(outcome))];
    const { fate } = entry;
    if (fate.kind === "expired") {
        if (plan.dryRun)
            return ["🔎 would be deleted", "dry run"];
        return plan.fuse.kind === "tripped"
            ? ["⛔ kept", "the fuse tripped"]
            : ["⏸️ not started", "the run ended before its turn"];
    }
    if (fate.kind === "deleting")
        return ["⏳ deleting", "ARM was deleting it already"];
    const because = (0,markdown/* plain */.pj)(fate.because);
    if (fate.reason === "odd")
        return ["⚠️ odd tags, kept", because];
    return [fate.reason === "not-yet" ? "🟢 kept" : "🔒 kept", because];
}
function renderVerdict(outcome) {
    if ((0,ttl_reaper_outcome/* isFailure */.N)(outcome))
        return "❌ not deleted";
    switch (outcome.kind) {
        case "gone":
        case "vanished":
            return "✅ deleted";
        case "changed":
        case "not-started":
            return "⏭️ left alone";
        default:
            return "⏳ deleting";
    }
}
function renderBlockers(plan, story) {
    const parts = plan.entries.flatMap((entry) => {
        const outcome = story.records.get(entry.id.toLowerCase())?.outcome;
        if (outcome?.kind !== "blocked" && outcome?.kind !== "rolled-back")
            return [];
        const state = outcome.kind === "blocked" ? "nothing in it was deleted" : "part of what was in it may be gone";
        const lines = outcome.blockers.map(renderBlocker).join("\n\n");
        return [`**${(0,markdown/* code */.aY)(entry.name)}**: ${state}.\n\n${lines || "ARM gave no reason."}`];
    });
    return parts.length === 0 ? undefined : { text: `### What stands in the way\n\n${parts.join("\n\n")}` };
}
function renderBlocker(blocker) {
    const mend = (0,mend_lines/* renderBlockerLine */.z)(blocker);
    const what = blocker.resource === undefined ? "" : ` ${(0,markdown/* code */.aY)(blocker.resource)}`;
    return `- ${(0,markdown/* code */.aY)(blocker.code)}${what}: ${(0,markdown/* plain */.pj)(blocker.message.slice(0, 600))}${mend === undefined ? "" : `\n${(0,markdown/* fenced */.OF)(mend, "sh")}`}`;
}
function renderOdd(plan) {
    const odd = plan.entries.filter((entry) => entry.fate.kind === "keep" && entry.fate.reason === "odd");
    if (odd.length === 0)
        return undefined;
    const lines = odd.slice(0, 200).map((entry) => (0,mend_lines/* renderTagLine */.T)(entry, plan.now));
    return { text: (0,markdown/* details */.zH)(`Commands that mend the tags of ${odd.length} odd groups`, (0,markdown/* fenced */.OF)(lines.join("\n"), "sh")) };
}
function renderUnreadable(plan) {
    const lines = plan.subscriptions.flatMap(({ id, unreadable }) => unreadable === undefined ? [] : [`- ${(0,markdown/* code */.aY)(id)}: ${(0,markdown/* plain */.pj)(unreadable.because)}`]);
    if (lines.length === 0)
        return undefined;
    return { text: `### Subscriptions that could not be read\n\nNothing in them was deleted.\n\n${lines.join("\n")}` };
}
function renderSubscriptions(plan) {
    const rows = plan.subscriptions.map((one) => [
        (0,markdown/* code */.aY)(one.id),
        String(one.groups),
        String(one.outOfScope),
        one.denyAssignments === undefined ? "may not be read" : String(one.denyAssignments.length),
    ]);
    return (0,markdown/* details */.zH)("Subscriptions", (0,markdown/* table */.tp)(["Subscription", "Groups", "Outside `name-prefix`", "Deny assignments"], rows));
}


/***/ }),

/***/ 1852:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B: () => (/* binding */ renderReport)
/* harmony export */ });
/* harmony import */ var _counts_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8002);

function renderReport(story) {
    const groups = (story.plan?.entries ?? []).map((entry) => {
        const record = story.records.get(entry.id.toLowerCase());
        return {
            ...entry,
            ...(record === undefined ? {} : { askedAt: record.askedAt, at: record.at, outcome: record.outcome }),
        };
    });
    const { entries: _, ...plan } = story.plan ?? { entries: [] };
    const windows = [...story.records.values()].flatMap(({ outcome }) => outcome.kind === "accepted" && outcome.windowMs !== undefined ? [outcome.windowMs] : []);
    const report = {
        schema: "mayfly/reaper-report/v1",
        complete: story.end !== undefined,
        end: story.end,
        counts: (0,_counts_js__WEBPACK_IMPORTED_MODULE_0__/* .countStory */ .D)(story),
        longestWindowMs: windows.length === 0 ? undefined : Math.max(...windows),
        plan,
        groups,
    };
    return `${JSON.stringify(report, null, 2)}\n`;
}


/***/ }),

/***/ 4285:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   _: () => (/* binding */ renderExpiry),
/* harmony export */   r: () => (/* binding */ parseExpiry)
/* harmony export */ });
const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d{2}):(\d{2}))$/;
const EARLIEST_YEAR = 2020;
const EASTERNMOST_MINUTES = 14 * 60;
const WESTERNMOST_MINUTES = 12 * 60;
function parseExpiry(text) {
    const found = RFC3339.exec(text.trim());
    if (found === null)
        return { problem: explainForm(text.trim()) };
    const [, year, month, day, hour, minute, second, fraction, , sign, offsetHour, offsetMinute] = found;
    const [y, mo, d] = [Number(year), Number(month), Number(day)];
    const [h, mi, s] = [Number(hour), Number(minute), Number(second)];
    if (y < EARLIEST_YEAR)
        return { problem: `the year ${year} is before ${EARLIEST_YEAR}` };
    if (!onCalendar(y, mo, d))
        return { problem: `${year}-${month}-${day} is not on the calendar` };
    if (h > 23 || mi > 59 || s > 59)
        return { problem: `${hour}:${minute}:${second} is not a time of day` };
    const offset = offsetMinutes(sign, offsetHour, offsetMinute);
    if (offset === undefined)
        return { problem: `${sign}${offsetHour}:${offsetMinute} is not an offset in use` };
    const milliseconds = Number((fraction ?? "").padEnd(3, "0").slice(0, 3));
    return { at: new Date(Date.UTC(y, mo - 1, d, h, mi, s, milliseconds) - offset * 60_000) };
}
function renderExpiry(at) {
    return `${at.toISOString().slice(0, 19)}Z`;
}
function onCalendar(year, month, day) {
    const date = new Date(Date.UTC(year, month - 1, day));
    return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
function offsetMinutes(sign, hours, minutes) {
    if (sign === undefined)
        return 0;
    const size = Number(hours) * 60 + Number(minutes);
    if (Number(minutes) > 59)
        return undefined;
    if (sign === "-")
        return size === 0 || size > WESTERNMOST_MINUTES ? undefined : -size;
    return size > EASTERNMOST_MINUTES ? undefined : size;
}
function explainForm(text) {
    if (text === "")
        return "it is empty";
    if (/^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?$/.test(text))
        return "it has no offset (Z or +hh:mm)";
    if (/^\d{4}-\d{2}-\d{2}$/.test(text))
        return "it is a day without a time";
    if (/^\d{4}-\d{2}-\d{2} /.test(text))
        return "it has a space where RFC 3339 has a T";
    if (/^\d{1,2}[./-]\d{1,2}[./-]\d{4}/.test(text))
        return "its day and month cannot be told apart";
    return "it is not RFC 3339";
}


/***/ }),

/***/ 5139:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Gp: () => (/* binding */ EXPIRY),
/* harmony export */   IU: () => (/* binding */ findTag),
/* harmony export */   M$: () => (/* binding */ MARK)
/* harmony export */ });
const MARK = "auto-destroy";
const EXPIRY = "expires-at";
const MEANT = {
    [MARK]: new Set(["autodestroy", "autodelete", "autodestruct", "autodestroyed", "autodetroy", "autodestory"]),
    [EXPIRY]: new Set(["expiresat", "expireat", "expires", "expiry", "expiresatutc", "expiration", "expirationdate"]),
};
function findTag(tags, wanted) {
    const names = Object.keys(tags).filter((name) => name.trim().toLowerCase() === wanted);
    const [name, second] = names;
    if (second !== undefined)
        return { kind: "twice", names };
    if (name !== undefined)
        return { kind: "found", name, value: tags[name] ?? "" };
    return { kind: "absent", nearMisses: Object.keys(tags).filter((other) => MEANT[wanted]?.has(bare(other))) };
}
function bare(name) {
    return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}


/***/ })

};
