# The films of the demo's default catalogue, from npm's vega-datasets.
set -euo pipefail
source "$(dirname "$0")/fetch.sh"
cd "$1"

package=$(fetch_npm vega-datasets@3.2.1 6f72fda460a9863fae5fcb32f85bcd49e1761fdea6dc6cf9f4962472881cc5a3)
tar -xzf "$package" --strip-components=2 package/data/movies.json
rm "$package"
