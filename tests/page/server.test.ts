import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { connect, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, beforeEach, describe, it } from "mocha";
import { pageFiles } from "../../hosts/sim/page/files.node.js";
import { LogBook } from "../../hosts/sim/page/log-book.node.js";
import { pageRoutes } from "../../hosts/sim/page/routes.node.js";
import { PageServer } from "../../hosts/sim/page/server.node.js";
import { QUEUE_BYTES_MAX } from "../../hosts/sim/page/stream.node.js";
import type { Command } from "../../web/messages.js";

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

describe("page server", () => {
  let server: PageServer;
  let commands: Command[] = [];
  let files: (readonly [string, number])[] = [];
  /** Why nothing is done. */
  let refusal: string | undefined;
  let host = "";
  let port = 0;
  let token = "";

  beforeEach(async () => {
    commands = [];
    files = [];
    refusal = undefined;
    server = await PageServer.open({
      port: 0,
      files: pageFiles("."),
      hello: () => '{"hello":1}',
      routes: pageRoutes({
        onCommand: (command) => {
          commands.push(command);
          return refusal;
        },
        onFile: (name, bytes) => {
          files.push([name, bytes.length]);
          return refusal;
        },
        logBook: new LogBook(undefined, []),
      }),
    });
    const url = new URL(server.address);
    host = url.host;
    port = Number(url.port);
    token = url.searchParams.get("token") ?? "";
  });
  afterEach(() => server.close("{}"));

  function ask(path: string, options: { method?: string; headers?: object; body?: string } = {}): Promise<Answer> {
    const { method = "GET", headers = {}, body = "" } = options;
    return new Promise((resolve, reject) => {
      const asking = request({ host: "127.0.0.1", port, path, method, headers: { ...headers } }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text.trim() }),
        );
      });
      asking.on("error", reject);
      asking.end(body);
    });
  }
  const command = (body: string, headers: object = {}): Promise<Answer> =>
    ask("/command", {
      method: "POST",
      headers: { "content-type": "application/json", "x-band-token": token, ...headers },
      body,
    });

  /** The stream as bytes, from a socket of our own that reads when it is told to. */
  async function streamOf(query = `?token=${token}`): Promise<Socket> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.write(`GET /events${query} HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
    return socket;
  }

  it("gives out the page and what it is made of", async () => {
    for (const [path, type] of [
      [`/?token=${token}`, "text/html; charset=utf-8"],
      ["/page.css", "text/css; charset=utf-8"],
      ["/page.js", "text/javascript; charset=utf-8"],
      ["/vendor/uplot.js", "text/javascript; charset=utf-8"],
      ["/vendor/uplot.css", "text/css; charset=utf-8"],
    ] as const) {
      const { status, headers, body } = await ask(path);
      assert.equal(status, 200, path);
      assert.equal(headers["content-type"], type);
      assert.match(
        headers["content-security-policy"] as string,
        /^default-src 'none'; script-src 'self' 'sha256-[\w+/]{43}='; style-src/,
      );
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.equal(headers["cache-control"], "no-store");
      assert.equal(headers["access-control-allow-origin"], undefined);
      assert(body.length > 100, path);
    }
  });

  it("gives out every module that one of its modules imports", async () => {
    const index = (await ask(`/?token=${token}`)).body;
    const [, inline = ""] = /<script type="importmap">([\s\S]*?)<\/script>/.exec(index) ?? [];
    const map: { imports: Record<string, string> } = JSON.parse(inline);
    const seen = new Set<string>();
    const follow = async (path: string): Promise<void> => {
      if (seen.has(path)) return;
      seen.add(path);
      const { status, body } = await ask(path);
      assert.equal(status, 200, path);
      for (const [, from = ""] of body.matchAll(/(?:\bimport|[}\s]from) ?"([\w@./-]+)"/g))
        await follow(new URL(map.imports[from] ?? from, `http://x${path}`).pathname);
    };
    await follow("/page.js");
    for (const path of ["/vendor/uplot.js", "/vendor/signals-core.js", "/messages.js", "/drawers/person.js"])
      assert(seen.has(path), path);
  });

  it("knows no other path, whatever it looks like", async () => {
    for (const path of [
      "/index.html",
      "/../package.json",
      "/%2e%2e/package.json",
      "/page.js/",
      "/PAGE.JS",
      "//",
      "/web",
    ])
      assert.equal((await ask(path)).status, 404, path);
    assert.equal((await ask("/page.js", { method: "POST" })).status, 405);
    assert.equal((await ask(`/events?token=${token}`, { method: "HEAD" })).status, 405);
    assert.equal((await ask("/command", { headers: { "x-band-token": token } })).status, 405);
  });

  it("asks for the token of this start, which is another one at the next", async () => {
    for (const wrong of [
      "",
      "?token=",
      "?token=x",
      `?token=${token.slice(1)}`,
      `?token=${token}x`,
      `?tokeN=${token}`,
    ]) {
      assert.equal((await ask(`/${wrong}`)).status, 403, wrong);
      assert.equal((await ask(`/events${wrong}`)).status, 403, wrong);
    }
    assert.equal((await command('{"do":"press"}', { "x-band-token": "x" })).status, 403);
    assert.equal((await ask(`/command?token=${token}`, { method: "POST", body: '{"do":"press"}' })).status, 403);
    assert.deepEqual(commands, []);
    const other = await PageServer.open({ port: 0, files: new Map(), routes: new Map(), hello: () => "" });
    assert.notEqual(new URL(other.address).searchParams.get("token"), token);
    assert.equal(token.length, 22); // 128 bits in base64url
    await other.close("{}");
  });

  it("goes by one name: a foreign one that leads here is refused", async () => {
    for (const name of ["evil.example", `evil.example:${port}`, `localhost:${port}`, "127.0.0.1", `[::1]:${port}`])
      assert.equal((await ask(`/?token=${token}`, { headers: { host: name } })).status, 421, name);
    assert.equal((await command('{"do":"press"}', { host: "evil.example" })).status, 421);
    assert.deepEqual(commands, []);
  });

  it("refuses what another page asks, and takes what its own does", async () => {
    for (const headers of [
      { origin: "http://evil.example" },
      { origin: "null" },
      { origin: `http://127.0.0.1:${port === 65535 ? 1 : port + 1}` },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ])
      assert.equal((await command('{"do":"press"}', headers)).status, 403, JSON.stringify(headers));
    assert.deepEqual(commands, []);
    const own = await command('{"do":"press"}', { origin: `http://${host}`, "sec-fetch-site": "same-origin" });
    assert.equal(own.status, 204);
    assert.deepEqual(commands, [{ do: "press" }]);
  });

  it("refuses a malformed command with the reason, and does not hide a refusal", async () => {
    const { status, body } = await command('{"do":"press","on":true}');
    assert.deepEqual([status, body], [400, '"press" takes no "on"']);
    assert.equal((await command('{"do":"press"}', { "content-type": "text/plain" })).status, 415);
    assert.deepEqual(commands, []);
    refusal = "not now";
    const refused = await command('{"do":"press"}');
    assert.deepEqual([refused.status, JSON.parse(refused.body)], [200, { refused: "not now" }]);
  });

  it("takes a command of 512 bytes and not one more", async () => {
    const padded = (bytes: number): string => '{"do":"press"}'.padEnd(bytes, " ");
    assert.equal((await command(padded(512))).status, 204);
    assert.equal((await command(padded(513))).status, 413);
    assert.equal((await command(padded(513), { "transfer-encoding": "chunked" })).status, 413);
    assert.equal(commands.length, 1);
  });

  it("listens on 127.0.0.1 and on no other address of this machine", async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((all) => all ?? [])
      .filter(({ address }) => address !== "127.0.0.1")
      .map(({ address, scopeid }) => (scopeid ? `${address}%${scopeid}` : address));
    for (const address of [...others, "127.0.0.2"]) {
      const socket = connect({ host: address, port, timeout: 2000 });
      const outcome = await Promise.race([
        once(socket, "connect").then(
          () => "answers",
          () => "refused",
        ),
        once(socket, "timeout").then(() => "silent"),
      ]);
      socket.destroy();
      assert.notEqual(outcome, "answers", address);
    }
  });

  it("streams hello, then what is published, then the end", async () => {
    const socket = await streamOf();
    let text = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    while (server.pageCount === 0) await once(socket, "data");
    server.publish("frame", '{"n":1}');
    await server.close('{"reason":"done"}');
    if (!socket.closed) await once(socket, "close");
    assert.match(text, /^HTTP\/1\.1 200 OK\r\n/);
    assert.match(text, /content-type: text\/event-stream\r\n/);
    const events = [...text.matchAll(/event: (\w+)\ndata: (.*)\n\n/g)].map(([, event, data]) => [event, data]);
    assert.deepEqual(events, [
      ["hello", '{"hello":1}'],
      ["frame", '{"n":1}'],
      ["end", '{"reason":"done"}'],
    ]);
  });

  it("forgets a page that has gone", async () => {
    const socket = await streamOf();
    await once(socket, "data");
    assert.equal(server.pageCount, 1);
    socket.destroy();
    while (server.pageCount > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    server.publish("frame", "{}");
  });

  it("lets eight pages look on", async () => {
    const sockets: Socket[] = [];
    for (let i = 0; i < 8; i++) {
      const socket = await streamOf();
      await once(socket, "data");
      sockets.push(socket);
    }
    assert.equal((await ask(`/events?token=${token}`)).status, 503);
    for (const socket of sockets) socket.destroy();
  });

  it("drops for a page that does not read, never grows, and says how much was dropped", async () => {
    const socket = await streamOf();
    await once(socket, "data");
    socket.pause();
    const data = JSON.stringify("x".repeat(10_000));
    const count = 4000; // 40 MB: far more than the system's own buffers take
    for (let i = 0; i < count; i++) {
      server.publish("frame", data);
      assert(server.queuedBytes <= QUEUE_BYTES_MAX + data.length, `${server.queuedBytes} bytes wait`);
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    let text = "";
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      text += chunk;
    });
    socket.resume();
    while (server.queuedBytes > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    server.publish("frame", '"last"');
    while (!text.includes('"last"')) await once(socket, "data");
    const frames = text.split("event: frame\n").length - 1;
    const dropped = [...text.matchAll(/event: dropped\ndata: \{"frames":(\d+)\}/g)].reduce(
      (n, [, one]) => n + +one!,
      0,
    );
    assert(dropped > 1000, `${dropped} dropped`);
    assert.equal(frames + dropped, count + 1);
    socket.destroy();
  });

  it("closes in time though a page does not read", async () => {
    const socket = await streamOf();
    await once(socket, "data");
    socket.pause();
    for (let i = 0; i < 2000; i++) server.publish("frame", JSON.stringify("x".repeat(10_000)));
    const fromMs = performance.now();
    await server.close("{}");
    assert(performance.now() - fromMs < 2000);
    socket.destroy();
  });
});
