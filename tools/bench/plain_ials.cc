// A plain exact iALS in straightforward Eigen: the yardstick for Palate's own, on any machine.
//
//   plain_ials train.csv test.csv [--epochs 16] [--threads 2] [--dimension 64] [--seed 1]
//              [--unobserved-weight 0.2] [--regularization 0.009] [--exponent 1] [--stddev 0.1]
//              [--goal-recall R --goal-ndcg N]: stop once both are reached
//
// Objective and settings are those of the recipe `ials` (Rendle, Krichene, Zhang, Koren 2022), and
// so is the way their reference solves it: for each user A = w H'H + sum h h' + ridge I, the sum in
// batches of rank updates, then LLT; then the same for each item. After every epoch it prints the
// CPU and wall seconds so far, the measures not included, and Recall@20 (hits / all held out) and
// NDCG@20 over the whole catalogue less what the user has touched; one JSON object a line.
#include <sys/resource.h>

#include <Eigen/Dense>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace {

using Matrix = Eigen::MatrixXf;  // one column a user or item
using Rows = std::vector<std::vector<int>>;

constexpr int kBatch = 128;
constexpr int kLength = 20;

struct Settings {
  std::map<std::string, double> values = {{"goal-recall", 2}, {"goal-ndcg", 2},
                                          {"epochs", 16},     {"threads", 2},
                                          {"dimension", 64},  {"seed", 1},
                                          {"stddev", 0.1},    {"unobserved-weight", 0.2},
                                          {"exponent", 1},    {"regularization", 0.009}};
  double operator[](const char* name) const { return values.at(name); }
  int whole(const char* name) const { return static_cast<int>(values.at(name)); }
};

struct Ids {
  std::unordered_map<std::string, int> numbers;
  int of(const std::string& id) {
    return numbers.emplace(id, static_cast<int>(numbers.size())).first->second;
  }
};

/// Users' items from `user,item,...` rows after a header. Rows of new users or items are left out
/// unless `grow`.
Rows read_rows(const char* path, Ids& users, Ids& items, bool grow) {
  std::ifstream file(path);
  if (!file) {
    std::fprintf(stderr, "%s: cannot be read\n", path);
    std::exit(1);
  }
  Rows rows(users.numbers.size());
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const std::size_t comma = line.find(',');
    const std::string user = line.substr(0, comma);
    const std::string item = line.substr(comma + 1, line.find(',', comma + 1) - comma - 1);
    if (!grow && (!users.numbers.contains(user) || !items.numbers.contains(item))) continue;
    const std::size_t row = static_cast<std::size_t>(users.of(user));
    if (row >= rows.size()) rows.resize(row + 1);
    rows[row].push_back(items.of(item));
  }
  return rows;
}

Rows transpose(const Rows& rows, std::size_t columns) {
  Rows result(columns);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (const int column : rows[row]) {
      result[static_cast<std::size_t>(column)].push_back(static_cast<int>(row));
    }
  }
  return result;
}

void in_parallel(std::size_t count, int threads, const std::function<void(std::size_t)>& body) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t k = next++; k < count; k = next++) body(k);
  };
  std::vector<std::thread> pool;
  for (int k = 1; k < threads; ++k) pool.emplace_back(work);
  work();
  for (std::thread& thread : pool) thread.join();
}

/// Solves for every column of `own` with `other` fixed.
void solve(const Rows& rows, const Matrix& other, const Settings& settings, Matrix& own) {
  const Eigen::Index dimension = other.rows();
  const auto weight = static_cast<float>(settings["unobserved-weight"]);
  const Matrix gramian = weight * (other * other.transpose());
  in_parallel(rows.size(), settings.whole("threads"), [&](std::size_t row) {
    const std::vector<int>& columns = rows[row];
    const auto count = static_cast<int>(columns.size());
    Matrix a = gramian;
    Eigen::VectorXf b = Eigen::VectorXf::Zero(dimension);
    Matrix batch(dimension, kBatch);
    for (int begin = 0; begin < count; begin += kBatch) {
      const int size = std::min(kBatch, count - begin);
      for (int k = 0; k < size; ++k) {
        batch.col(k) = other.col(columns[static_cast<std::size_t>(begin + k)]);
        b += batch.col(k);
      }
      a.selfadjointView<Eigen::Lower>().rankUpdate(batch.leftCols(size));
    }
    const double pairs = count + settings["unobserved-weight"] * static_cast<double>(other.cols());
    const double ridge = settings["regularization"] * std::pow(pairs, settings["exponent"]);
    a.diagonal().array() += static_cast<float>(ridge);
    own.col(static_cast<Eigen::Index>(row)) = Eigen::LLT<Matrix, Eigen::Lower>(a).solve(b);
  });
}

struct Measures {
  double recall = 0;
  double ndcg = 0;
};

/// Of one user.
Measures measure(const std::vector<int>& seen, const std::vector<int>& held_out,
                 Eigen::VectorXf& scores) {
  for (const int item : seen) scores[item] = -INFINITY;
  std::vector<int> order(static_cast<std::size_t>(scores.size()));
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = static_cast<int>(k);
  const std::size_t length = std::min<std::size_t>(kLength, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(length), order.end(),
                    [&](int a, int b) { return scores[a] > scores[b]; });
  Measures result;
  double ideal = 0;
  for (std::size_t place = 0; place < length; ++place) {
    const double gain = 1 / std::log2(static_cast<double>(place) + 2);
    if (place < held_out.size()) ideal += gain;
    if (std::find(held_out.begin(), held_out.end(), order[place]) == held_out.end()) continue;
    result.recall += 1;
    result.ndcg += gain;
  }
  return {result.recall / static_cast<double>(held_out.size()), result.ndcg / ideal};
}

/// Means over the users who have something held out.
Measures measure(const Rows& train, const Rows& test, const Matrix& users, const Matrix& items,
                 int threads) {
  std::vector<Measures> parts(test.size());
  in_parallel(test.size(), threads, [&](std::size_t user) {
    if (test[user].empty()) return;
    Eigen::VectorXf scores = items.transpose() * users.col(static_cast<Eigen::Index>(user));
    parts[user] = measure(train[user], test[user], scores);
  });
  Measures sum;
  double count = 0;
  for (std::size_t user = 0; user < test.size(); ++user) {
    sum.recall += parts[user].recall;
    sum.ndcg += parts[user].ndcg;
    if (!test[user].empty()) ++count;
  }
  return {sum.recall / count, sum.ndcg / count};
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](timeval time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Settings parse(int argc, char** argv) {
  Settings settings;
  for (int k = 3; k + 1 < argc; k += 2) {
    const auto found = settings.values.find(std::string(argv[k]).substr(2));
    if (found == settings.values.end()) {
      std::fprintf(stderr, "there is no %s\n", argv[k]);
      std::exit(2);
    }
    found->second = std::atof(argv[k + 1]);
  }
  return settings;
}

void run(const Rows& train, const Rows& test, std::size_t item_count, const Settings& settings) {
  const Eigen::Index dimension = settings.whole("dimension");
  const Rows by_item = transpose(train, item_count);
  std::mt19937 generator(static_cast<unsigned>(settings.whole("seed")));
  std::normal_distribution<float> normal(
      0, static_cast<float>(settings["stddev"] / std::sqrt(settings["dimension"])));
  Matrix users(dimension, static_cast<Eigen::Index>(train.size()));
  Matrix items = Matrix::NullaryExpr(dimension, static_cast<Eigen::Index>(item_count),
                                     [&] { return normal(generator); });
  double cpu = 0;
  double wall = 0;
  for (int epoch = 1; epoch <= settings.whole("epochs"); ++epoch) {
    const double began = cpu_seconds();
    const auto began_wall = std::chrono::steady_clock::now();
    solve(train, items, settings, users);
    solve(by_item, users, settings, items);
    cpu += cpu_seconds() - began;
    wall += std::chrono::duration<double>(std::chrono::steady_clock::now() - began_wall).count();
    // A visitor's vector is solved for the final items; that is not a part of the training.
    Matrix folded_in = users;
    solve(train, items, settings, folded_in);
    const Measures now = measure(train, test, folded_in, items, settings.whole("threads"));
    std::printf(
        "{\"epoch\": %d, \"cpu\": %.4f, \"wall\": %.4f, \"recall\": %.6f, \"ndcg\": %.6f}\n", epoch,
        cpu, wall, now.recall, now.ndcg);
    std::fflush(stdout);
    if (now.recall >= settings["goal-recall"] && now.ndcg >= settings["goal-ndcg"]) break;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "plain_ials train.csv test.csv [--epochs 16] ...\n");
    return 2;
  }
  Ids users;
  Ids items;
  const Rows train = read_rows(argv[1], users, items, true);
  Rows test = read_rows(argv[2], users, items, false);
  test.resize(train.size());
  run(train, test, items.numbers.size(), parse(argc, argv));
  return 0;
}
