export type NameFault = "name" | "initials";

/** Which of a person's two fields cannot be taken as they are. */
export function nameFaults(name: string, initials: string): NameFault[] {
  const faults: NameFault[] = [];
  if (name.trim() === "") faults.push("name");
  if (!/^\S{1,4}$/u.test(initials.trim())) faults.push("initials");
  return faults;
}
