import { BLOCK_BYTES } from "../board/flash-partition.js";
import { decodeUtf8 } from "../engine/utf8.js";
import { recordingFromLines } from "./from-lines.js";
import { recordingFromImage } from "./from-log.js";
import type { RecordingResult } from "./recording.js";

/** What a file holds: a band's log, byte by byte, or the lines of `band replay`. */
export function readRecordingFile(bytes: Uint8Array): RecordingResult {
  if (bytes.length === 0) return { ok: false, problem: "the file is empty", remedy: "record it again" };
  const text = hasBlock(bytes) ? "" : decodeUtf8(bytes);
  return text.trimStart().startsWith("{") ? recordingFromLines(text) : recordingFromImage(bytes);
}

/** The type of a block's header, docs/data.md: a byte that no ASCII has. */
const HEADER_TYPE = 0xb1;
const TYPE_AT = 4;

function hasBlock(bytes: Uint8Array): boolean {
  for (let at = TYPE_AT; at < bytes.length; at += BLOCK_BYTES) if (bytes[at] === HEADER_TYPE) return true;
  return false;
}
