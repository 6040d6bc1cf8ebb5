# Refuses variables that a command of make does not take, by the list that `make help` shows:
#   awk -v command=bench -v given="QUICK BUGDET" -f scripts/variables.awk Makefile
# Exit status: 0 it takes them all; 2 it does not, and a sentence names the first with the nearest.

/^[a-z]+:/ { listed = ($0 ~ "^" command ":") }
/^## For / { listed = ($0 ~ "[ ,]" command "[ ,:]" || /^## For all:/) }
/^##/ && listed {
  for (rest = $0; match(rest, / [A-Z][A-Z_]*=/); rest = substr(rest, RSTART + RLENGTH)) {
    name = substr(rest, RSTART + 1, RLENGTH - 2)
    known[name] = 1
    all = all (all ? ", " : "") name
  }
}

END {
  count = split(given, names, " ")
  for (i = 1; i <= count; ++i) if (!(names[i] in known)) refuse(names[i])
}

function refuse(name,    near, each, least, slips) {
  least = 3  # slips, from which on it is another word
  for (each in known) {
    slips = distance(toupper(name), each)
    if (slips < least) { least = slips; near = each }
  }
  near = near ? "did you mean " near "?" : "it takes " all
  print name " is not a variable of make " command "; " near > "/dev/stderr"
  exit 2
}

# Letters that are wrong, missing or too many; two that have changed places count as one.
function distance(a, b,    i, j, cost, at) {
  for (i = 0; i <= length(a); ++i) at[i, 0] = i
  for (j = 0; j <= length(b); ++j) at[0, j] = j
  for (i = 1; i <= length(a); ++i)
    for (j = 1; j <= length(b); ++j) {
      cost = substr(a, i, 1) != substr(b, j, 1)
      at[i, j] = least_of(at[i - 1, j] + 1, least_of(at[i, j - 1] + 1, at[i - 1, j - 1] + cost))
      if (i > 1 && j > 1 && substr(a, i, 1) == substr(b, j - 1, 1) &&
          substr(a, i - 1, 1) == substr(b, j, 1))
        at[i, j] = least_of(at[i, j], at[i - 2, j - 2] + 1)
    }
  return at[length(a), length(b)]
}

function least_of(a, b) { return a < b ? a : b }
