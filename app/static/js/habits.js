// Which days of a sheet are unlike what its person usually enters? As app/domain/habits.py says; the cases in
// service_worker/tests/cases/habits.json hold both. What she usually enters was learned on the portal.

const MANY_TIMES = 2;

// [{code, on, usual}], in order. `habits` is {weekday: {minutes, times, weeks}} with 0 for Monday, `days` [{on, minutes}]
// of the days that may hold hours.
export function questionsOf(habits, days, today) {
  const isBegun = days.some(({ minutes }) => minutes > 0);
  return days.flatMap(({ on, minutes }) => {
    const usual = habits[weekdayOf(on)];
    if (!usual) return [];
    if (!minutes) return isBegun && on < today ? [{ code: "USUAL_DAY_LEFT_OUT", on, usual }] : [];
    return isFar(minutes, usual.minutes) ? [{ code: "USUAL_HOURS_DIFFER", on, usual }] : [];
  });
}

function isFar(minutes, usual) {
  return minutes * MANY_TIMES < usual || minutes > usual * MANY_TIMES;
}

function weekdayOf(on) {
  return (new Date(`${on}T00:00Z`).getUTCDay() + 6) % 7;
}
