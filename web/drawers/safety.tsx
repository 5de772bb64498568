import { wordsOf } from "../format.js";
import { hello, state } from "../model.js";

/** The session's states and the rules that stop it: the firmware's own tables. */
export function SafetyDrawer() {
  const now = state.value?.session.state;
  const isGoing = now !== undefined && now !== "idle";
  return (
    <>
      <h3>State of the session</h3>
      <ol class="states">
        {(hello.value?.states ?? []).map((name) => (
          <li key={name} aria-current={name === now ? "step" : undefined}>
            {wordsOf(name)}
          </li>
        ))}
      </ol>
      <h3>{isGoing ? "Stop rules, in force now" : "Stop rules, in force with every session"}</h3>
      <div class="scroll">
        <table>
          <caption class="unseen">Rules that stop or change a session</caption>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Then</th>
              <th scope="col">Numbers</th>
            </tr>
          </thead>
          <tbody>
            {(hello.value?.rules ?? []).map(({ name, when, does, limits }) => (
              <tr key={name}>
                <th scope="row">{when}</th>
                <td>{does}</td>
                <td>{limits.length === 0 ? "none" : limits.join("; ")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p>{hello.value?.texts.neverWhile}</p>
      <p>{hello.value?.texts.crisis}</p>
    </>
  );
}
