import { useEffect, useRef } from "preact/hooks";
import { history, state } from "../model.js";

/** Lines of the firmware's log, the newest last. */
export function LogDrawer() {
  const lines = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  state.value; // drawn anew with every frame
  useEffect(() => {
    const element = lines.current;
    if (element !== null && isAtEnd.current) element.scrollTop = element.scrollHeight;
  });
  return (
    <pre
      id="log"
      ref={lines}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      role="log"
      aria-live="off"
      aria-label="Log of the firmware"
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        isAtEnd.current = scrollTop + clientHeight >= scrollHeight - 4;
      }}
    >
      {history.log.length === 0 ? "The firmware has said nothing yet." : history.log.join("\n")}
    </pre>
  );
}
