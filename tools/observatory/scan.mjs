// Scores of pages by Mozilla's HTTP Observatory, as JSON:   node scan.mjs localhost:8443/ localhost:8443/quote/ …
import { scan } from "@mdn/mdn-http-observatory";

const scored = {};
for (const place of process.argv.slice(2)) {
  try {
    const { scan: told, tests } = await scan(place);
    const lost = Object.entries(tests).map(([name, test]) => [name, [test.result, test.scoreModifier]]);
    scored[place] = { score: told.score, grade: told.grade, status: told.statusCode, tests: Object.fromEntries(lost) };
  } catch (problem) {
    scored[place] = { score: 0, grade: "F", status: 0, tests: {}, problem: String(problem.message) };
  }
}
console.log(JSON.stringify(scored));
