// Builds ../tokens.css and ../carehours.css, the one stylesheet that pages load. Run by `make assets`.
//
// 1. Sass compiles tokens.scss and the USWDS components of uswds.scss.
// 2. Of those, only rules for the classes in KEPT stay.
// 3. USWDS writes colors as literals, which dark mode and forced colors cannot reach. Each becomes
//    the custom property COLORS names for it; a literal without a name stops the build.
// 4. tokens, USWDS, base and components are joined, pressed, and stamped with a hash of their sources,
//    so that `node build.mjs --check` (and a house rule) can tell a stale file.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const css = join(here, "..");
const packages = join(css, "../../../node_modules/@uswds/uswds/packages");
const built = join(css, "carehours.css");

const KEPT = new Set(
  `usa-skipnav usa-button usa-button--outline usa-alert usa-alert__body usa-alert__heading usa-alert__text
   usa-tag usa-form-group usa-form-group--error usa-fieldset
   usa-legend usa-label usa-label--error usa-hint usa-error-message usa-input usa-input--error usa-select
   usa-textarea usa-radio usa-radio__input usa-radio__label usa-checkbox usa-checkbox__input usa-checkbox__label`
    .split(/\s+/),
);
// What USWDS writes for the settings of _theme.scss → our name for it.
const COLORS = {
  "#0b4b3f": "--go",
  "#123131": "--go-strong",
  "#54278f": "--go", // visited: people here do not browse, they come back
  "#1b1b1b": "--ink",
  "#71767a": "--soft",
  "#565c65": "--edge",
  "#a9aeb1": "--line",
  "#e6e6e6": "--line",
  "#f0f0f0": "--card",
  "#c9c9c9": "--idle",
  "#454545": "--on-idle",
  "#757575": "--edge",
  "#b50909": "--bad",
  "#005ea2": "--focus",
  black: "--ink",
};
const WHITE = { color: "--on-go" }; // as a color of words; anywhere else white is the ground

function sources() {
  const own = readdirSync(join(css, "components")).filter((name) => name.endsWith(".css")).sort();
  return {
    sass: ["_theme.scss", "tokens.scss", "uswds.scss", "build.mjs"].map((name) => join(here, name)),
    plain: [join(css, "base.css"), ...own.map((name) => join(css, "components", name))],
  };
}

function fingerprint() {
  const hash = createHash("sha256");
  for (const path of Object.values(sources()).flat()) hash.update(readFileSync(path));
  return hash.digest("hex").slice(0, 16);
}

function isKept(selector) {
  if (/indeterminate|::-ms-|:-moz-focusring/.test(selector)) return false;
  return (selector.match(/\.usa-[\w-]+/g) ?? []).every((name) => KEPT.has(name.slice(1)));
}

function named({ prop, value }, strangers) {
  return value.replace(/#[0-9a-f]{3,8}\b|\brgba?\([^)]*\)|\b(?:white|black)\b/gi, (literal) => {
    const name = literal === "white" ? (WHITE[prop] ?? "--card") : COLORS[literal.toLowerCase()];
    if (!name) strangers.add(literal);
    return `var(${name})`;
  });
}

function bare(postcss, text) {
  const root = postcss.parse(text);
  root.walkComments((comment) => comment.remove());
  return root.toString().trim();
}

function prune(postcss, text) {
  const strangers = new Set();
  const root = postcss.parse(bare(postcss, text));
  root.walkRules((rule) => {
    if (rule.parent.type === "atrule" && rule.parent.name.endsWith("keyframes")) return;
    rule.selectors = rule.selectors.filter(isKept);
    if (rule.selectors.length === 0 || rule.selector === "") rule.remove();
  });
  root.walkDecls((decl) => {
    if (decl.value.includes("url(")) decl.remove();
    else decl.value = named(decl, strangers);
  });
  for (let before = -1; before !== root.toString().length; ) {
    before = root.toString().length;
    root.walkRules((rule) => rule.nodes.length === 0 && rule.remove());
    root.walkAtRules((at) => at.nodes?.length === 0 && at.remove());
  }
  if (strangers.size > 0) {
    throw new Error(`USWDS brought colors without a name: ${[...strangers].join(" ")}. Name them in COLORS.`);
  }
  return root.toString();
}

async function build() {
  const sass = await import("sass");
  const { default: postcss } = await import("postcss");
  const options = { loadPaths: [packages, here], logger: sass.Logger.silent };
  const tokens = bare(postcss, sass.compile(join(here, "tokens.scss"), options).css);
  const uswds = prune(postcss, sass.compile(join(here, "uswds.scss"), options).css);
  const own = sources().plain.map((path) => readFileSync(path, "utf8"));
  const whole = [tokens, uswds, ...own].join("\n").replaceAll('@charset "UTF-8";', "");
  const pressed = sass.compileString(whole, { syntax: "css", style: "compressed", charset: false }).css;
  const text = `/* Built by uswds/build.mjs (make assets); sources ${fingerprint()} */\n${pressed}\n`;
  writeFileSync(join(css, "tokens.css"), `/* Built from uswds/tokens.scss. */\n${tokens}\n`);
  writeFileSync(built, text);
  const bytes = brotliCompressSync(Buffer.from(text)).length;
  console.log(`carehours.css: ${text.length} bytes, ${bytes} with brotli`);
}

if (process.argv.includes("--check")) {
  const fresh = readFileSync(built, "utf8").includes(`sources ${fingerprint()} `);
  if (!fresh) {
    console.error("carehours.css is older than its sources: run `make assets`.");
    process.exit(1);
  }
} else {
  await build();
}
