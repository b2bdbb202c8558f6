export type { ClusterSeed } from './controller/document.ts';
export type { MemberReport, MemberSpec } from './controller/member-view.ts';
export type { Probe } from './controller/probe.ts';
export { runController, type Controller, type ControllerOptions } from './controller/shell.ts';
export {
  isSettled,
  nextWakeMs,
  startController,
  step,
  type ControllerEffect,
  type ControllerEvent,
  type ControllerStart,
  type ControllerState,
} from './controller/step.ts';
export { ClusterError, type ClusterErrorCode } from './errors.ts';
export type { Log } from './log.ts';
export { createFileStore, readTopologyFile } from './store/file-store.ts';
export { openTopologySource, type TopologySource, type TopologySourceOptions } from './store/topology-source.ts';
export type { TopologyStore, TopologyVersion } from './store/topology-store.ts';
