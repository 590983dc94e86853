/** Discord's markdown as a tree. Rules: Discord support article "Markdown Text 101" and the API's
 * "Message Formatting" reference. Drawing the tree is the business of `views/markdown.ts`. */

export type Node =
  | { kind: "text"; text: string }
  | { kind: "break" }
  | { kind: "strong" | "em" | "underline" | "strike" | "spoiler"; inner: Node[] }
  | { kind: "code"; text: string }
  | { kind: "link"; href: string; inner: Node[] }
  | { kind: "user" | "role" | "channel"; id: string }
  | { kind: "everyone"; text: string }
  | { kind: "command"; name: string; id: string }
  | { kind: "time"; unix: number; style: string }
  | { kind: "emoji"; name: string; id: string; animated: boolean }
  | { kind: "pre"; language: string; text: string }
  | { kind: "quote"; inner: Node[] }
  | { kind: "heading"; level: number; inner: Node[] }
  | { kind: "small"; inner: Node[] }
  | { kind: "list"; ordered: boolean; start: number; items: Node[][] };

interface Rule {
  pattern: RegExp;
  make(match: RegExpExecArray, depth: number): Node;
}

/** Deeper nesting is shown as plain text: a message must not be able to exhaust the stack. */
const DEEPEST = 8;

const wrap =
  (kind: "strong" | "em" | "underline" | "strike" | "spoiler") =>
  (match: RegExpExecArray, depth: number): Node => ({ kind, inner: inline(match[1]!, depth + 1) });

/** Tried in order at the current place; each pattern is sticky. */
const INLINE: Rule[] = [
  { pattern: /\\([^\sA-Za-z0-9])/y, make: (m) => ({ kind: "text", text: m[1]! }) },
  { pattern: /``([^]+?)``(?!`)/y, make: (m) => ({ kind: "code", text: m[1]!.trim() }) },
  { pattern: /`([^`\n]+)`/y, make: (m) => ({ kind: "code", text: m[1]! }) },
  { pattern: /<@!?(\d{1,20})>/y, make: (m) => ({ kind: "user", id: m[1]! }) },
  { pattern: /<@&(\d{1,20})>/y, make: (m) => ({ kind: "role", id: m[1]! }) },
  { pattern: /<#(\d{1,20})>/y, make: (m) => ({ kind: "channel", id: m[1]! }) },
  { pattern: /<\/([^:>\n]{1,100}):(\d{1,20})>/y, make: (m) => ({ kind: "command", name: m[1]!, id: m[2]! }) },
  {
    pattern: /<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/y,
    make: (m) => ({ kind: "time", unix: Number(m[1]), style: m[2] ?? "f" }),
  },
  {
    pattern: /<(a)?:(\w{1,32}):(\d{1,20})>/y,
    make: (m) => ({ kind: "emoji", name: m[2]!, id: m[3]!, animated: !!m[1] }),
  },
  {
    pattern: /\[([^\]\n]{1,400})\]\(<?(https?:\/\/[^\s)>]+)>?(?:\s+"[^"\n]*")?\)/y,
    make: (m, depth) => ({ kind: "link", href: m[2]!, inner: inline(m[1]!, depth + 1) }),
  },
  { pattern: /<(https?:\/\/[^\s>]+)>/y, make: (m) => link(m[1]!) },
  { pattern: /https?:\/\/[^\s<>"]*[^\s<>"'.,:;!?)\]}*_~|]/y, make: (m) => link(m[0]) },
  { pattern: /@(everyone|here)\b/y, make: (m) => ({ kind: "everyone", text: m[0] }) },
  {
    pattern: /\*\*\*(?=\S)([^]+?)\*\*\*/y,
    make: (m, depth) => ({ kind: "strong", inner: [{ kind: "em", inner: inline(m[1]!, depth + 1) }] }),
  },
  { pattern: /\*\*(?=\S)([^]+?)\*\*(?!\*)/y, make: wrap("strong") },
  { pattern: /__(?=\S)([^]+?)__(?!_)/y, make: wrap("underline") },
  { pattern: /~~(?=\S)([^]+?)~~/y, make: wrap("strike") },
  { pattern: /\|\|([^]+?)\|\|/y, make: wrap("spoiler") },
  { pattern: /\*(?=[^\s*])((?:\*\*|[^*])+?)\*(?!\*)/y, make: wrap("em") },
  { pattern: /\b_(?=\S)((?:__|[^_])+?)_\b/y, make: wrap("em") },
];

const link = (href: string): Node => ({ kind: "link", href, inner: [{ kind: "text", text: href }] });

/** Parses what may stand inside a line (line breaks are kept as breaks). */
export function inline(source: string, depth = 0): Node[] {
  if (depth > DEEPEST) return [{ kind: "text", text: source }];
  const nodes: Node[] = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push({ kind: "text", text: plain });
    plain = "";
  };
  let at = 0;
  next: while (at < source.length) {
    if (source[at] === "\n") {
      flush();
      nodes.push({ kind: "break" });
      at++;
      continue;
    }
    for (const rule of INLINE) {
      rule.pattern.lastIndex = at;
      const match = rule.pattern.exec(source);
      if (!match) continue;
      const from = at;
      at = rule.pattern.lastIndex;
      const node = rule.make(match, depth);
      if (node.kind === "text") plain += node.text;
      else {
        flush();
        nodes.push(node);
      }
      if (at > from) continue next;
    }
    plain += source[at++];
  }
  flush();
  return nodes;
}

const FENCE = /```(?:([\w+#.-]{1,20})\n)?\n?([^]*?)\n?```/g;

/** Parses a whole message. */
export function parse(source: string): Node[] {
  const nodes: Node[] = [];
  let from = 0;
  for (const match of source.matchAll(FENCE)) {
    if (match.index > from) nodes.push(...blocks(source.slice(from, match.index).replace(/\n$/, "")));
    nodes.push({ kind: "pre", language: match[1] ?? "", text: match[2] ?? "" });
    from = match.index + match[0].length;
    if (source[from] === "\n") from++;
  }
  if (from < source.length) nodes.push(...blocks(source.slice(from)));
  return nodes;
}

const ITEM = /^(\s*)(?:([-*])|(\d{1,9})\.)\s+(.*)$/;

function blocks(source: string): Node[] {
  const nodes: Node[] = [];
  const lines = source.split("\n");
  let paragraph: string[] = [];
  const flush = () => {
    if (paragraph.length) {
      if (nodes.length && isInline(nodes[nodes.length - 1]!)) nodes.push({ kind: "break" });
      nodes.push(...inline(paragraph.join("\n")));
    }
    paragraph = [];
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const heading = /^(#{1,3})\s+(.+)$/.exec(line);
    const small = /^-#\s+(.+)$/.exec(line);
    if (heading) {
      flush();
      nodes.push({ kind: "heading", level: heading[1]!.length, inner: inline(heading[2]!) });
    } else if (small) {
      flush();
      nodes.push({ kind: "small", inner: inline(small[1]!) });
    } else if (line.startsWith(">>> ")) {
      flush();
      nodes.push({ kind: "quote", inner: blocks(lines.slice(i).join("\n").slice(4)) });
      break;
    } else if (line.startsWith("> ")) {
      flush();
      const quoted = takeWhile(lines, i, (one) => one.startsWith("> "));
      nodes.push({ kind: "quote", inner: blocks(quoted.map((one) => one.slice(2)).join("\n")) });
      i += quoted.length - 1;
    } else if (ITEM.test(line)) {
      flush();
      const ordered = !!ITEM.exec(line)![3];
      const items = takeWhile(lines, i, (one) => !!ITEM.exec(one) && !!ITEM.exec(one)![3] === ordered);
      nodes.push({
        kind: "list",
        ordered,
        start: Number(ITEM.exec(line)![3] ?? 1),
        items: items.map((one) => inline(ITEM.exec(one)![4]!)),
      });
      i += items.length - 1;
    } else paragraph.push(line);
  }
  flush();
  return nodes;
}

function takeWhile(lines: string[], from: number, keep: (line: string) => boolean): string[] {
  let to = from;
  while (to < lines.length && keep(lines[to]!)) to++;
  return lines.slice(from, to);
}

function isInline(node: Node): boolean {
  return !["pre", "quote", "heading", "small", "list"].includes(node.kind);
}

/** The text of a message on one line, for replies and screen readers. */
export function plainText(nodes: Node[]): string {
  return nodes
    .map((node) => {
      switch (node.kind) {
        case "text":
        case "code":
        case "pre":
        case "everyone":
          return node.text;
        case "break":
          return " ";
        case "emoji":
          return `:${node.name}:`;
        case "command":
          return `/${node.name}`;
        case "list":
          return node.items.map(plainText).join(", ");
        default:
          return "inner" in node ? plainText(node.inner) : "";
      }
    })
    .join("");
}
