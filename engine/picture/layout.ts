import { Worker } from 'node:worker_threads'
import { sized, type Sized } from './boxes.ts'
import { dotOf, placesOf, type Link, type Placed } from './dot.ts'
import type { Graph, Out, Part } from './graph.ts'
import { placedBelow, placedPlainly } from './plain.ts'

/** A graph with everything in its place. */
export type Layout = {
  graph: Graph
  boxes: Sized[]
  links: (Link & { out: Out; part: Part })[]
  placed: Placed
  /** Where the boxes begin that no call comes to, below all others. */
  lost?: number
  /** Laid out by Graphviz; else by rows and columns alone. */
  fine: boolean
}

/** Lays out a graph, within a time in milliseconds: what takes longer is laid out plainly. */
export async function layOut(graph: Graph, limit = 10_000): Promise<Layout> {
  const drawn = new Map(graph.boxes.map(({ name }) => [name, new Set<string>()]))
  for (const { name, parts } of graph.boxes)
    for (const { ways } of parts) for (const { to, line } of ways) if (line) drawn.get(to)?.add(name)
  const boxes = graph.boxes.map((box, i) => sized(box, `n${i}`, drawn.get(box.name)))
  const ids = new Map(boxes.map(({ id, box }) => [box.name, id]))
  const links = boxes.flatMap(({ id, lines }) =>
    lines.map(({ port, out, part }) => ({
      from: id,
      port,
      to: ids.get(out.to)!,
      weight: out.trouble ? 1 : 3,
      out,
      part,
    })),
  )
  const reached = boxes.filter(({ box }) => box.reached)
  const json = await graphviz(dotOf(reached, links), limit)
  const fine = json === undefined ? undefined : placesOf(json, reached)
  const placed = fine ?? placedPlainly(reached, links)
  const lost = placedBelow(
    boxes.filter(({ box }) => !box.reached),
    placed,
  )
  return { graph, boxes, links, placed, ...(lost === undefined ? {} : { lost }), fine: fine !== undefined }
}

/** Graphviz's answer; undefined when it is not there in time, or fails. */
async function graphviz(dot: string, limit: number): Promise<string | undefined> {
  const worker = new Worker(new URL('graphviz.mjs', import.meta.url), {
    workerData: dot,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  })
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<string | undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), limit)
      worker.once('message', ({ json }: { json?: string }) => resolve(json))
      worker.once('error', () => resolve(undefined))
      worker.once('exit', () => resolve(undefined))
    })
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}
