import { render } from "preact";
import { useEffect } from "preact/hooks";
import { connect } from "./connection.js";
import { play } from "./drawers/recording.js";
import { hello, refusal, state, trouble, view } from "./model.js";
import { Announcer } from "./parts/announcer.js";
import { Footer } from "./parts/footer.js";
import { Header } from "./parts/header.js";
import { followMotor } from "./sound.js";
import { summarise } from "./summaries.js";
import { Live } from "./views/live.js";
import { Sessions } from "./views/sessions.js";
import { Trends } from "./views/trends.js";

const VIEWS = { live: Live, sessions: Sessions, trends: Trends };

function Page() {
  const View = VIEWS[view.value];
  useEffect(acceptDrops, []);
  return (
    <>
      <Header />
      <p id="trouble" role="alert">
        {trouble.value}
      </p>
      <p id="refusal" role="alert">
        {refusal.value === "" ? "" : `Not done: ${refusal.value}`}
      </p>
      <Restarts />
      <Broken />
      {state.value === undefined ? <p class="quiet">The simulator has not told anything yet.</p> : <View />}
      <Footer />
      <Announcer />
    </>
  );
}

/** What is broken on purpose is said above everything else, whatever drawer is open. */
function Broken() {
  const names = state.value?.faults ?? [];
  const faults = hello.value?.faults ?? [];
  const told = names.map((name) => faults.find((fault) => fault.name === name)?.says ?? name);
  return (
    <p id="broken" role="status">
      {told.length === 0 ? "" : `Broken on purpose: ${told.join("; ")}.`}
    </p>
  );
}

function Restarts() {
  const restarts = state.value?.restarts ?? 0;
  return (
    <p id="fault" role="alert">
      {restarts === 0 ? "" : `The firmware has failed and restarted: ${restarts}×. The log says why.`}
    </p>
  );
}

function acceptDrops(): () => void {
  const over = (event: DragEvent): void => event.preventDefault();
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    void play(event.dataTransfer?.files[0]);
  };
  addEventListener("dragover", over);
  addEventListener("drop", drop);
  return () => {
    removeEventListener("dragover", over);
    removeEventListener("drop", drop);
  };
}

state.subscribe(() => {
  summarise();
  followMotor();
});
const root = document.getElementById("page");
if (root === null) throw new Error("the page lacks #page");
render(<Page />, root);
connect();
