// Sections are matched by name, rows by the items' ids.
#include "delta/alignment.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "delta/instructions.h"
#include "delta/sections.h"

namespace palate::internal {
namespace {

using Rows = std::vector<std::optional<std::uint32_t>>;

// The base's row of each item of the result.
Rows rows_of(const Model& base, const Model& result) {
  Rows rows(result.item_count());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (const auto item = base.find(result.id(to_item(row)))) {
      rows[row] = static_cast<std::uint32_t>(to_row(*item));
    }
  }
  return rows;
}

bool are_alike(const Section& left, const Section& right) {
  return left.name == right.name && left.kind == right.kind && left.unit == right.unit &&
         (left.kind != SectionKind::kWhole || left.size == right.size);
}

// The rows whose entries are not of the size that they had, with the size that they have.
void write_exceptions(const Section& base, const Section& result, const Rows& rows,
                      InstructionWriter& writer) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> exceptions;
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    const std::uint32_t size = result.offsets[row + 1] - result.offsets[row];
    const auto before = rows[row];
    if (before && base.offsets[*before + 1] - base.offsets[*before] == size) continue;
    exceptions.emplace_back(row, size);
  }
  writer.number(exceptions.size());
  std::uint32_t next = 0;
  for (const auto& [row, size] : exceptions) {
    writer.number(row - next);
    writer.number(size);
    next = row + 1;
  }
}

void write_fill(const Section& base, const Section& result, const Rows& rows,
                InstructionWriter& writer) {
  switch (result.kind) {
    case SectionKind::kWhole:
      writer.number(kFillWhole);
      writer.number(result.size);
      writer.number(base.place);
      return;
    case SectionKind::kRows:
      writer.number(kFillRows);
      writer.number(result.unit);
      writer.number(base.place);
      return;
    case SectionKind::kTexts:
      writer.number(kFillTexts);
      writer.number(result.unit);
      writer.number(base.offsets_place);
      writer.number(base.place);
      write_exceptions(base, result, rows, writer);
      return;
  }
}

void write_rows(const Rows& rows, InstructionWriter& writer) {
  writer.number(rows.size());
  std::int64_t expected = 0;
  for (const auto& row : rows) {
    if (!row) {
      writer.number(0);
      continue;
    }
    writer.number(1 + zigzag(*row - expected));
    expected = std::int64_t{*row} + 1;
  }
}

void write_fills(const std::vector<Section>& before, const std::vector<Section>& after,
                 const Rows& rows, InstructionWriter& writer) {
  std::vector<std::pair<const Section*, const Section*>> pairs;
  for (const Section& section : after) {
    const auto same = std::ranges::find_if(
        before, [&](const Section& other) { return are_alike(other, section); });
    if (same != before.end() && section.words != Words::kByPrevious) {
      pairs.emplace_back(&*same, &section);
    }
  }
  writer.number(pairs.size());
  std::size_t place = 0;
  for (const auto& [base, result] : pairs) {
    writer.number(result->place - place);
    write_fill(*base, *result, rows, writer);
    place = result->place + result->size;
  }
}

void write_words(const std::vector<Section>& sections, InstructionWriter& writer) {
  const auto has_words = [](const Section& section) { return section.words != Words::kNone; };
  writer.number(static_cast<std::size_t>(std::ranges::count_if(sections, has_words)));
  std::size_t place = 0;
  for (const Section& section : sections) {
    if (!has_words(section)) continue;
    writer.number(section.place - place);
    writer.number(section.size / 4 * 2 + (section.words == Words::kByPrevious ? 1 : 0));
    place = section.place + section.size;
  }
}

}  // namespace

std::vector<std::byte> align(const Model& base, const Model& result) {
  const std::vector<Section> before = sections_of(base);
  const std::vector<Section> after = sections_of(result);
  const Rows rows = rows_of(base, result);
  InstructionWriter writer;
  write_rows(rows, writer);
  write_fills(before, after, rows, writer);
  write_words(after, writer);
  return std::move(writer).finish();
}

}  // namespace palate::internal
